package io.starfire.decoding;

/** Takes the bytes of records apart, and gives their fields to a target. */
public interface RecordScanner<T> {
  /**
   * Reads one record, whose value must be one of the format and nothing else.
   *
   * @throws DecodingFailure if it is none, or if the target refuses a field
   */
  T read(RawRecord record);
}
