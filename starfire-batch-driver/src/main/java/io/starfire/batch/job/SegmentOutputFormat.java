package io.starfire.batch.job;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.RecordWriter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.lib.output.PathOutputCommitter;

/**
 * Copies each segment that a reducer built into the attempt's own directory below the job's output,
 * with a file that describes it. Of several attempts only the committed one is seen.
 */
public final class SegmentOutputFormat extends FileOutputFormat<NullWritable, BuiltSegment> {
  static final String SEGMENT = ".segment";
  static final String DESCRIPTION = ".json";

  @Override
  public RecordWriter<NullWritable, BuiltSegment> getRecordWriter(TaskAttemptContext context)
      throws IOException {
    Path directory = ((PathOutputCommitter) getOutputCommitter(context)).getWorkPath();
    FileSystem fileSystem = directory.getFileSystem(context.getConfiguration());
    return new RecordWriter<>() {
      @Override
      public void write(NullWritable nothing, BuiltSegment segment) throws IOException {
        String name = "shard-" + segment.fields().shard();
        fileSystem.mkdirs(directory);
        fileSystem.copyFromLocalFile(
            new Path(java.nio.file.Path.of(segment.fields().file()).toUri()),
            new Path(directory, name + SEGMENT));
        try (OutputStream out = fileSystem.create(new Path(directory, name + DESCRIPTION), true)) {
          out.write(segment.fields().toBytes());
        }
      }

      @Override
      public void close(TaskAttemptContext closing) {
        // Each segment was written whole.
      }
    };
  }
}
