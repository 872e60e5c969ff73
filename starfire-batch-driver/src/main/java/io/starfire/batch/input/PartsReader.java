package io.starfire.batch.input;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.util.Iterator;
import java.util.Set;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;

/** Reads the parts of a split, one after the other. */
final class PartsReader extends RecordReader<InputRecord, NullWritable> {
  private TaskAttemptContext context;
  private Iterator<InputPart> remaining;
  private int partCount;
  private int partsDone;
  private InputPart part;
  private PartCursor cursor;
  private InputRecord record;

  @Override
  public void initialize(InputSplit split, TaskAttemptContext taskContext) {
    context = taskContext;
    partCount = ((PartsSplit) split).parts().size();
    remaining = ((PartsSplit) split).parts().iterator();
  }

  @Override
  public boolean nextKeyValue() throws IOException {
    try {
      while (true) {
        if (cursor != null) {
          record = cursor.next();
          if (record != null) {
            return true;
          }
          close();
          partsDone++;
        }
        if (!remaining.hasNext()) {
          return false;
        }
        part = remaining.next();
        cursor = open(part);
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof StarfireException) {
        throw e;
      }
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "input file %s cannot be read: %s; replace the file, or take it out of the input"
              .formatted(part.file(), e.getMessage() == null ? e : e.getMessage()),
          e);
    }
  }

  private PartCursor open(InputPart opened) throws IOException {
    if (opened.kind().isText()) {
      return new TextCursor(opened, context);
    }
    return switch (opened.kind()) {
      case EDGE, ROWS -> new EdgeCursor(opened, context.getConfiguration());
      case ARCHIVE -> new ArchiveCursor(opened, context.getConfiguration());
      case PARQUET ->
          new ParquetCursor(
              opened,
              Set.of(PartsInputFormat.wantedFields(context.getConfiguration(), opened.index())),
              context.getConfiguration());
      default ->
          throw new StarfireException(
              ErrorCode.INTERNAL, "nothing reads input of kind " + opened.kind());
    };
  }

  @Override
  public InputRecord getCurrentKey() {
    return record;
  }

  @Override
  public NullWritable getCurrentValue() {
    return NullWritable.get();
  }

  @Override
  public float getProgress() {
    return partCount == 0 ? 1 : (float) partsDone / partCount;
  }

  @Override
  public void close() throws IOException {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
