package io.starfire.batch.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.api.Files;
import io.starfire.batch.input.EdgeFiles;
import io.starfire.common.Granularity;
import io.starfire.common.Json;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.SinkNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.RecordWriter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.lib.output.PathOutputCommitter;

/**
 * Writes the deliveries of a task to directories below the job's output: {@code edge-<shuffle>/},
 * {@code rows-<sink>/}, {@code files-<sink>/} and {@code dead-letters/}. The number of rows of each
 * segment bucket goes to {@code counts/}. The files are in the directory of the attempt until the
 * attempt is committed.
 */
public final class DeliveryOutputFormat extends FileOutputFormat<Delivery, NullWritable> {
  /** Directory of events for a shuffle, by its index. */
  static final String EDGE = "edge-";

  /** Directory of rows for a sink, by its index. */
  static final String ROWS = "rows-";

  /** Directory of the files of a sink for other programs, by its index. */
  static final String FILES = "files-";

  static final String DEAD_LETTERS = "dead-letters";
  static final String COUNTS = "counts";

  /** Rows by sink and start of their bucket. */
  record RowCounts(@JsonProperty("rows") Map<Integer, Map<Long, Long>> rows) {}

  @Override
  public RecordWriter<Delivery, NullWritable> getRecordWriter(TaskAttemptContext context)
      throws IOException {
    Path directory = ((PathOutputCommitter) getOutputCommitter(context)).getWorkPath();
    return new Writer(context, directory);
  }

  private static final class Writer extends RecordWriter<Delivery, NullWritable> {
    private final TaskAttemptContext context;
    private final Path directory;
    private final Granularity[] buckets;
    private final CodecFactory codec;
    private final Schema schema = EdgeFiles.schema();
    private final List<SinkNode> sinks;
    private final Map<String, DataFileWriter<GenericRecord>> files = new HashMap<>();
    private final Map<Integer, ResultFile> results = new HashMap<>();
    private final Map<Integer, Map<Long, Long>> rowCounts = new TreeMap<>();
    private OutputStream deadLetters;

    Writer(TaskAttemptContext context, Path directory) {
      this.context = context;
      this.directory = directory;
      RunSettings settings = RunSettings.from(context.getConfiguration());
      this.codec = IntermediateCodec.of(settings.config()).ofFiles();
      this.sinks = settings.plan().sinks();
      this.buckets =
          sinks.stream()
              .map(
                  sink ->
                      sink instanceof DataSourceNode node
                          ? node.dataSource().schema().segmentGranularity()
                          : null)
              .toArray(Granularity[]::new);
    }

    @Override
    public void write(Delivery delivery, NullWritable nothing) throws IOException {
      switch (delivery.kind()) {
        case KEYED, UNKEYED -> append(EDGE + delivery.edge(), delivery);
        case ROW -> {
          if (sinks.get(delivery.edge()) instanceof FilesNode sink) {
            results(delivery.edge(), sink.files()).add(delivery.timeMillis(), delivery.value());
          } else {
            row(delivery);
          }
        }
        case DEAD_LETTER -> {
          if (deadLetters == null) {
            deadLetters = create(DEAD_LETTERS, ".jsonl");
          }
          deadLetters.write(delivery.value());
          deadLetters.write('\n');
        }
      }
    }

    private void row(Delivery delivery) throws IOException {
      append(ROWS + delivery.edge(), delivery);
      long bucket = buckets[delivery.edge()].bucketStart(delivery.timeMillis());
      rowCounts
          .computeIfAbsent(delivery.edge(), sink -> new TreeMap<>())
          .merge(bucket, 1L, Long::sum);
    }

    private ResultFile results(int sink, Files<?> files) throws IOException {
      ResultFile file = results.get(sink);
      if (file == null) {
        file =
            ResultFile.create(
                files,
                path(FILES + sink, ResultFile.extension(files.format())),
                context.getConfiguration());
        results.put(sink, file);
      }
      return file;
    }

    private void append(String name, Delivery delivery) throws IOException {
      DataFileWriter<GenericRecord> file = files.get(name);
      if (file == null) {
        file =
            new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(schema))
                .setCodec(codec)
                .create(schema, create(name, ".avro"));
        files.put(name, file);
      }
      GenericRecord record = new GenericData.Record(schema);
      record.put(EdgeFiles.KEY, delivery.key() == null ? null : ByteBuffer.wrap(delivery.key()));
      record.put(EdgeFiles.TIME, delivery.timeMillis());
      record.put(EdgeFiles.VALUE, ByteBuffer.wrap(delivery.value()));
      file.append(record);
    }

    private OutputStream create(String name, String extension) throws IOException {
      Path file = path(name, extension);
      return file.getFileSystem(context.getConfiguration()).create(file, true);
    }

    private Path path(String name, String extension) {
      return new Path(new Path(directory, name), getUniqueFile(context, "part", extension));
    }

    @Override
    public void close(TaskAttemptContext closing) throws IOException {
      for (DataFileWriter<GenericRecord> file : files.values()) {
        file.close();
      }
      for (ResultFile file : results.values()) {
        file.close();
      }
      if (deadLetters != null) {
        deadLetters.close();
      }
      if (!rowCounts.isEmpty()) {
        try (OutputStream counts = create(COUNTS, ".json")) {
          counts.write(Json.write(new RowCounts(rowCounts)).getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }
}
