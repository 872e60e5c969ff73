package io.starfire.decoding;

/** Splits the bytes of records into fields, and gives these to a target. */
public interface RecordScanner<T> {
  /**
   * Reads one record. Its value must be one record of the format, and nothing else.
   *
   * @throws DecodingFailure if it is not, or if the target refuses a field
   */
  T read(RawRecord record);
}
