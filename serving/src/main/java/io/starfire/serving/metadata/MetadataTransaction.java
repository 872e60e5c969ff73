package io.starfire.serving.metadata;

import org.jdbi.v3.core.Handle;

/**
 * The tables of the metadata store within one transaction. Only valid inside the function that it
 * was given to; used by one thread.
 */
public final class MetadataTransaction {
  private final Handle handle;

  MetadataTransaction(Handle handle) {
    this.handle = handle;
  }

  public DataSourceTable dataSources() {
    return new DataSourceTable(handle);
  }

  public VersionTable versions() {
    return new VersionTable(handle);
  }

  public PublicationTable publications() {
    return new PublicationTable(handle);
  }

  public SegmentTable segments() {
    return new SegmentTable(handle);
  }

  public RealtimeOffsetTable realtimeOffsets() {
    return new RealtimeOffsetTable(handle);
  }

  public TopicReadTable topicsRead() {
    return new TopicReadTable(handle);
  }

  public SupervisorTable supervisors() {
    return new SupervisorTable(handle);
  }

  public LookupTable lookups() {
    return new LookupTable(handle);
  }

  /** How many writes were committed. */
  long writeNumber() {
    return handle.createQuery("select number from write_counter").mapTo(Long.class).one();
  }

  /** Counts this write, and returns the count with it. */
  long nextWriteNumber() {
    handle.execute("update write_counter set number = number + 1");
    return writeNumber();
  }

  /** The number of the last view; 0 before the first. */
  public long viewNumber() {
    return handle.createQuery("select number from view_counter").mapTo(Long.class).one();
  }

  /** Counts one view on, and returns its number. */
  public long nextViewNumber() {
    handle.execute("update view_counter set number = number + 1");
    return viewNumber();
  }
}
