package io.starfire.decoding;

/** Builds one record. Not thread-safe. */
public interface RecordBuilder<T> {
  /**
   * Takes the value of a field that has a number. If a field comes twice, its last value counts.
   *
   * @throws DecodingFailure if the value does not fit
   */
  void set(int field, FieldValue value);

  /** Takes the value of a field that is {@link RecordTarget#UNKNOWN}. */
  void found(String name, FieldValue value);

  /**
   * Returns the record. Called after all of its bytes were read.
   *
   * @throws DecodingFailure if a field that it needs is missing
   */
  T finish();
}
