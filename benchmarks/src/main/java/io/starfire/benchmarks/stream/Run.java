package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.process.Child;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * One contestant joins one data set from its first record to its last, in a process of its own. The
 * time that counts begins with the first commit of the consumer group at or beyond a tenth of the
 * raw records, and ends with the commit of the last result. So the start of the JVM, and what it
 * compiles in the first tenth, are left out. A system that reads ahead of its join has done less
 * than a tenth of its work by then.
 */
final class Run {
  private static final double WARM_UP = 0.1;
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final long LOOK_NANOS = 20_000_000;

  /** Without a commit for so long, nothing more comes. */
  private static final long QUIET_NANOS = Duration.ofSeconds(2).toNanos();

  /** Kafka Streams' join looks at most once a second for what is due, and only at a record. */
  private static final long NUDGE_NANOS = Duration.ofMillis(1_100).toNanos();

  private final Broker broker;
  private final DataSet data;
  private final List<String> jvmOptions;
  private final Duration limit;

  /** Of what the process has read when. */
  private record First(long nanos, long position, Duration cpu) {}

  /** Of what was committed when, as the ends of the partitions. */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier, never compared
  private record Look(long nanos, Duration cpu, long[] ends) {
    long offsets() {
      return Arrays.stream(ends).sum();
    }
  }

  /**
   * What a run took.
   *
   * @param perSecond raw records
   * @param cpuMicros of the process, for each raw record
   * @param written records that were appended to Kafka, for each raw record
   * @param writtenBytes the same in bytes
   */
  record Took(double perSecond, double cpuMicros, double written, double writtenBytes) {}

  /**
   * @param jvmOptions of the process
   * @param limit after which the run has failed
   */
  Run(Broker broker, DataSet data, List<String> jvmOptions, Duration limit) {
    this.broker = broker;
    this.data = data;
    this.jvmOptions = jvmOptions;
    this.limit = limit;
  }

  /**
   * Runs it and compares what it wrote with what must come out.
   *
   * @param group a name that no other run has
   * @throws StarfireException with WRONG_RESULT if it wrote something else
   */
  Took of(Contestant contestant, String group, Path directory) {
    String results = "results-" + group;
    int partitions = data.topics().partitions();
    broker.createTopics(partitions, results);
    Map<String, Broker.Written> before = broker.written();
    Contestant.Command command =
        contestant
            .launch()
            .at(new Contestant.Place(broker.address(), data.topics(), results, group, directory));
    Took took;
    RowSum found;
    try (Child child =
        Child.start(
            contestant.name(),
            jvmOptions,
            command.classPath(),
            command.mainClass(),
            command.arguments(),
            directory)) {
      String[] said = child.line(START_LIMIT).split(" ");
      try (Results rows = new Results(broker, contestant.result(), said[1], partitions)) {
        took = watch(child, said[0], said[1], rows, before);
        // What it writes at its end would be too much.
        child.close();
        found = rows.read();
      }
    }
    RowSum expected = data.expected(contestant.result());
    if (!found.isEqualTo(expected)) {
      throw new StarfireException(
          ErrorCode.WRONG_RESULT,
          "%s wrote %s, expected %s".formatted(contestant.name(), found, expected));
    }
    return took;
  }

  /**
   * Looks at the ends of what is committed, which costs the machine little. Marks of commits count
   * in them, so that the rows themselves are read when nothing more seems to come: the last row was
   * committed at the first look whose ends are behind all rows.
   */
  private Took watch(
      Child child, String group, String topic, Results rows, Map<String, Broker.Written> before) {
    long startNanos = System.nanoTime();
    long expected = data.records().impressions();
    long warm = (long) (data.records().size() * WARM_UP);
    First first = null;
    List<Look> looks = new ArrayList<>();
    looks.add(new Look(startNanos, Duration.ZERO, new long[data.topics().partitions()]));
    long readUpTo = 0;
    long found = 0;
    long nudgedNanos = startNanos;
    try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
      while (true) {
        child.check();
        if (first == null) {
          long position = broker.position(group, data.topics());
          if (position >= warm) {
            first = new First(System.nanoTime(), position, child.cpu());
          }
        }
        long[] ends = broker.committedEnds(topic, data.topics().partitions());
        long now = System.nanoTime();
        Look last = looks.get(looks.size() - 1);
        if (!Arrays.equals(ends, last.ends())) {
          last = new Look(now, child.cpu(), ends);
          looks.add(last);
        }
        long quiet = now - last.nanos();
        if (last.offsets() >= expected && quiet > QUIET_NANOS) {
          found = readUpTo == last.offsets() ? found : rows.read().rows();
          readUpTo = last.offsets();
          if (found >= expected && rows.areBefore(last.ends())) {
            break;
          }
        }
        if (last.offsets() > 0 && quiet > NUDGE_NANOS && now - nudgedNanos > NUDGE_NANOS) {
          data.records().close(producer, data.topics());
          nudgedNanos = now;
        }
        if (now - startNanos > limit.toNanos()) {
          throw new StarfireException(
              ErrorCode.TIMEOUT,
              "there were %,d of %,d results after %s; %s"
                  .formatted(rows.read().rows(), expected, limit, child.tail()));
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
    if (first == null) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "the group %s has not committed a tenth of its input".formatted(group));
    }
    Look last =
        looks.stream().filter(look -> rows.areBefore(look.ends())).findFirst().orElseThrow();
    return took(first, last, before);
  }

  private Took took(First first, Look last, Map<String, Broker.Written> before) {
    long counted = data.records().size() - first.position();
    if (counted <= 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "all records were read before the first commit was seen; take more of them");
    }
    long records = 0;
    long bytes = 0;
    for (Map.Entry<String, Broker.Written> each : broker.written().entrySet()) {
      Broker.Written earlier = before.getOrDefault(each.getKey(), new Broker.Written(0, 0));
      if (!data.isRaw(each.getKey())) {
        records += each.getValue().records() - earlier.records();
        bytes += each.getValue().bytes() - earlier.bytes();
      }
    }
    double seconds = (last.nanos() - first.nanos()) / 1e9;
    return new Took(
        counted / seconds,
        last.cpu().minus(first.cpu()).toNanos() / 1e3 / counted,
        (double) records / data.records().size(),
        (double) bytes / data.records().size());
  }
}
