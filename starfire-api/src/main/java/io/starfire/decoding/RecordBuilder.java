package io.starfire.decoding;

/** One record in the making. Used by one thread. */
public interface RecordBuilder<T> {
  /**
   * Takes the value of a field that has a number; of two values of one field the later counts.
   *
   * @throws DecodingFailure if the value does not fit
   */
  void set(int field, FieldValue value);

  /** Takes the value of a field that is {@link RecordTarget#UNKNOWN}. */
  void found(String name, FieldValue value);

  /**
   * The record, after all of its bytes were read.
   *
   * @throws DecodingFailure if something that it needs is missing
   */
  T finish();
}
