package io.starfire.benchmarks;

import io.starfire.api.DataSource;
import io.starfire.batch.input.InputPart;
import io.starfire.batch.input.InputParts;
import io.starfire.batch.input.InputRecord;
import io.starfire.batch.input.PartsInputFormat;
import io.starfire.batch.job.Delivery;
import io.starfire.batch.job.DeliveryOutputFormat;
import io.starfire.batch.job.RunSettings;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRowCodec;
import io.starfire.event.EventDecoder;
import io.starfire.event.RecordCodec;
import io.starfire.event.SourceSettings;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.Click;
import io.starfire.jobs.ads.Impression;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.RawComparator;
import org.apache.hadoop.io.WritableComparable;
import org.apache.hadoop.io.WritableComparator;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.Mapper;
import org.apache.hadoop.mapreduce.Partitioner;
import org.apache.hadoop.mapreduce.Reducer;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;

/**
 * {@link CountedJoin} as somebody would write it for Hadoop by hand: a composite key, comparators
 * of bytes, and two queues in the reducer. It reads the same files with the same decoder, carries
 * events as the same bytes, and writes its rows in the same format.
 */
final class HandWrittenJoin {
  private HandWrittenJoin() {}

  /** Runs it; the number of rows is the impressions of the data. */
  static void run(
      Configuration configuration,
      RunSettings settings,
      Path impressions,
      Path clicks,
      long splitBytes,
      int reducers,
      Path work)
      throws IOException {
    Job job = Job.getInstance(configuration, "hand-written join");
    settings.putInto(job.getConfiguration());
    List<InputPart> parts = new ArrayList<>();
    add(parts, 0, clicks);
    add(parts, 1, impressions);
    Path list =
        Files.write(work.resolve("input.json"), new InputParts(parts, splitBytes).toBytes());
    PartsInputFormat.setParts(job.getConfiguration(), list.toString());
    job.setInputFormatClass(PartsInputFormat.class);
    job.setMapperClass(JoinMapper.class);
    job.setMapOutputKeyClass(JoinKey.class);
    job.setMapOutputValueClass(BytesWritable.class);
    job.setPartitionerClass(ById.class);
    job.setSortComparatorClass(WholeOrder.class);
    job.setGroupingComparatorClass(IdOrder.class);
    job.setReducerClass(JoinReducer.class);
    job.setNumReduceTasks(reducers);
    job.setOutputFormatClass(DeliveryOutputFormat.class);
    job.setOutputKeyClass(Delivery.class);
    job.setOutputValueClass(NullWritable.class);
    FileOutputFormat.setOutputPath(
        job, new org.apache.hadoop.fs.Path(work.resolve("hand-written").toUri()));
    try {
      if (!job.waitForCompletion(false)) {
        throw new StarfireException(ErrorCode.INTERNAL, "the hand-written job failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "the hand-written job was interrupted", e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(List<InputPart> parts, int source, Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        parts.add(
            InputPart.of(InputPart.Kind.JSON, source, file.toUri().toString(), Files.size(file)));
      }
    }
  }

  /** An id, a time, and whether it is of a click. Mutable, as Hadoop wants keys to be. */
  static final class JoinKey implements WritableComparable<JoinKey> {
    private byte[] id = {};
    private long timeMillis;
    private boolean isClick;

    void set(byte[] newId, long newMillis, boolean newIsClick) {
      id = newId;
      timeMillis = newMillis;
      isClick = newIsClick;
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeShort(id.length);
      out.write(id);
      out.writeLong(timeMillis);
      out.writeBoolean(isClick);
    }

    @Override
    public void readFields(DataInput in) throws IOException {
      id = new byte[in.readUnsignedShort()];
      in.readFully(id);
      timeMillis = in.readLong();
      isClick = in.readBoolean();
    }

    @Override
    public int compareTo(JoinKey other) {
      int order = Arrays.compareUnsigned(id, other.id);
      if (order == 0) {
        order = Long.compare(timeMillis, other.timeMillis);
      }
      return order != 0 ? order : Boolean.compare(isClick, other.isClick);
    }

    @Override
    public boolean equals(Object object) {
      return object instanceof JoinKey other && compareTo(other) == 0;
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(id);
    }
  }

  /** Ids, then times, then sides. */
  static final class WholeOrder implements RawComparator<JoinKey> {
    @Override
    public int compare(
        byte[] left, int start1, int length1, byte[] right, int start2, int length2) {
      int id1 = WritableComparator.readUnsignedShort(left, start1);
      int id2 = WritableComparator.readUnsignedShort(right, start2);
      int at1 = start1 + Short.BYTES;
      int at2 = start2 + Short.BYTES;
      int order = Arrays.compareUnsigned(left, at1, at1 + id1, right, at2, at2 + id2);
      return order != 0
          ? order
          : Arrays.compareUnsigned(
              left, at1 + id1, start1 + length1, right, at2 + id2, start2 + length2);
    }

    @Override
    public int compare(JoinKey left, JoinKey right) {
      return left.compareTo(right);
    }
  }

  /** Ids alone. */
  static final class IdOrder implements RawComparator<JoinKey> {
    @Override
    public int compare(
        byte[] left, int start1, int length1, byte[] right, int start2, int length2) {
      int id1 = WritableComparator.readUnsignedShort(left, start1);
      int id2 = WritableComparator.readUnsignedShort(right, start2);
      int at1 = start1 + Short.BYTES;
      int at2 = start2 + Short.BYTES;
      return Arrays.compareUnsigned(left, at1, at1 + id1, right, at2, at2 + id2);
    }

    @Override
    public int compare(JoinKey left, JoinKey right) {
      return Arrays.compareUnsigned(left.id, right.id);
    }
  }

  /** By the hash of the id. */
  static final class ById extends Partitioner<JoinKey, BytesWritable> {
    @Override
    public int getPartition(JoinKey key, BytesWritable value, int partitions) {
      return (key.hashCode() & Integer.MAX_VALUE) % partitions;
    }
  }

  /** Reads events and sends them by their id. */
  static final class JoinMapper extends Mapper<InputRecord, NullWritable, JoinKey, BytesWritable> {
    private final RecordCodec<Impression> impressionCodec = RecordCodec.of(Impression.class);
    private final RecordCodec<Click> clickCodec = RecordCodec.of(Click.class);
    private final JoinKey key = new JoinKey();
    private final BytesWritable value = new BytesWritable();
    private EventDecoder<Impression> impressions;
    private EventDecoder<Click> clicks;
    private RunSettings settings;

    @Override
    protected void setup(
        Mapper<InputRecord, NullWritable, JoinKey, BytesWritable>.Context context) {
      settings = RunSettings.from(context.getConfiguration());
      impressions =
          EventDecoder.of(
              SourceSettings.from(settings.config(), AdEvents.IMPRESSIONS), Impression.class);
      clicks =
          EventDecoder.of(SourceSettings.from(settings.config(), AdEvents.CLICKS), Click.class);
    }

    @Override
    protected void map(
        InputRecord record,
        NullWritable nothing,
        Mapper<InputRecord, NullWritable, JoinKey, BytesWritable>.Context context)
        throws IOException, InterruptedException {
      byte[] bytes;
      if (record.index() == 1) {
        Impression event = impressions.decode(record.raw());
        key.set(bytes(event.impressionId()), event.servedAt().toEpochMilli(), false);
        bytes = impressionCodec.encode(event);
      } else {
        Click event = clicks.decode(record.raw());
        key.set(bytes(event.impressionId()), event.clickedAt().toEpochMilli(), true);
        bytes = clickCodec.encode(event);
      }
      value.set(bytes, 0, bytes.length);
      context.write(key, value);
    }

    private static byte[] bytes(String id) {
      return id.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Holds what is in the window of the oldest impression. */
  static final class JoinReducer extends Reducer<JoinKey, BytesWritable, Delivery, NullWritable> {
    private static final long AFTER_MILLIS = CountedJoin.AFTER.toMillis();

    private final RecordCodec<Impression> impressionCodec = RecordCodec.of(Impression.class);
    private final RecordCodec<Click> clickCodec = RecordCodec.of(Click.class);
    private final DataSource<CountedJoin.Row> dataSource = CountedJoin.dataSource();
    private final DataRowCodec rowCodec = DataRowCodec.of(dataSource.schema());
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final ArrayDeque<Clicked> clicks = new ArrayDeque<>();
    private RunSettings settings;

    private record Waiting(long timeMillis, Impression event) {}

    private record Clicked(long timeMillis, Click event) {}

    @Override
    protected void setup(Context context) {
      settings = RunSettings.from(context.getConfiguration());
    }

    @Override
    protected void reduce(JoinKey key, Iterable<BytesWritable> values, Context context)
        throws IOException, InterruptedException {
      for (BytesWritable value : values) {
        emitBefore(key.timeMillis - AFTER_MILLIS, context);
        if (key.isClick) {
          Click click = clickCodec.decode(value.getBytes(), 0, value.getLength());
          Clicked last = clicks.peekLast();
          if (last == null || last.timeMillis != key.timeMillis || !last.event.equals(click)) {
            clicks.add(new Clicked(key.timeMillis, click));
          }
        } else {
          Impression event = impressionCodec.decode(value.getBytes(), 0, value.getLength());
          waiting.add(new Waiting(key.timeMillis, event));
        }
      }
      emitBefore(Long.MAX_VALUE, context);
      clicks.clear();
    }

    private void emitBefore(long timeMillis, Context context)
        throws IOException, InterruptedException {
      while (!waiting.isEmpty() && waiting.peek().timeMillis < timeMillis) {
        Waiting impression = waiting.remove();
        while (!clicks.isEmpty() && clicks.peek().timeMillis < impression.timeMillis) {
          clicks.remove();
        }
        int count = 0;
        for (Clicked click : clicks) {
          if (click.timeMillis > impression.timeMillis + AFTER_MILLIS) {
            break;
          }
          count++;
        }
        write(impression, count, context);
      }
    }

    private void write(Waiting impression, int count, Context context)
        throws IOException, InterruptedException {
      if (!settings.interval().contains(impression.timeMillis)) {
        return;
      }
      CountedJoin.Row row = CountedJoin.Row.of(impression.event, count);
      byte[] bytes = rowCodec.encode(dataSource.toRow(row, impression.timeMillis));
      context.write(Delivery.row(0, null, impression.timeMillis, bytes), NullWritable.get());
    }
  }
}
