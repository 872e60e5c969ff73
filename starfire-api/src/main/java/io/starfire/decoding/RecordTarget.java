package io.starfire.decoding;

/**
 * Makes Java records, or rows of a data source, of the fields of records. It gives a number to each
 * field that it reads, so that a format with columns asks for each name once.
 */
public interface RecordTarget<T> {
  /** The number of a field that is ignored. */
  int IGNORED = -1;

  /** A field that is given to {@link RecordBuilder#found}. It may get a number later. */
  int UNKNOWN = -2;

  /** The number of a field, {@link #IGNORED} or {@link #UNKNOWN}. */
  int field(String name);

  /** Begins a record. */
  RecordBuilder<T> begin(RawRecord record);
}
