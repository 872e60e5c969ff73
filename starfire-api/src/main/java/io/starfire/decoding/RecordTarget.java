package io.starfire.decoding;

/**
 * What is made of records: a Java record, or a row of a data source. It numbers the fields that it
 * reads, so that formats with columns ask once for each column.
 */
public interface RecordTarget<T> {
  /** A field that nothing reads. */
  int IGNORED = -1;

  /** A field that is given to {@link RecordBuilder#found}; may have a number later. */
  int UNKNOWN = -2;

  /** The number of a field, {@link #IGNORED} or {@link #UNKNOWN}. */
  int field(String name);

  /** Begins a record. */
  RecordBuilder<T> begin(RawRecord record);
}
