package io.starfire.benchmarks.codec;

import io.starfire.benchmarks.process.Talk;
import io.starfire.jobs.ads.AdEventsGenerator;
import io.starfire.jobs.ads.Impression;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A candidate in a process of its own, so that what the compiler makes of one does not depend on
 * the others. Arguments: its name, the number of values, the seed. Asked for a number of passes
 * over the values, it answers with nanoseconds of its thread's CPU time to encode and to decode a
 * value.
 */
public final class CodecMain {
  private static final Instant START = Instant.parse("2025-01-10T00:00:00Z");

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Candidate candidate;
  private final byte[][] encoded;
  private final Object[] decoded;

  private CodecMain(Candidate candidate, int values) {
    this.candidate = candidate;
    this.encoded = new byte[values][];
    this.decoded = new Object[values];
  }

  public static void main(String[] arguments) throws IOException {
    List<Impression> values = values(Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));
    CodecMain main = new CodecMain(Candidate.of(arguments[0], values), values.size());
    // Whoever compares wants to know that all wrote the same bytes.
    main.encode();
    String bytes = Integer.toHexString(Arrays.deepHashCode(main.encoded));
    long length = Arrays.stream(main.encoded).mapToLong(each -> each.length).sum();
    Talk.untilInputEnds(
        bytes + " " + (double) length / values.size(),
        passes -> main.measure(Integer.parseInt(passes)));
    System.exit(0);
  }

  /** Those of the generator that have an id and a time. */
  private static List<Impression> values(int count, long seed) {
    AdEventsGenerator generator = new AdEventsGenerator(AdEventsGenerator.Settings.of(seed, START));
    List<Impression> values = new ArrayList<>(count);
    while (values.size() < count) {
      if (generator.next().event().orElse(null) instanceof Impression impression
          && impression.impressionId() != null
          && impression.servedAt() != null) {
        values.add(impression);
      }
    }
    return values;
  }

  private String measure(int passes) {
    long start = threads.getCurrentThreadCpuTime();
    for (int pass = 0; pass < passes; pass++) {
      encode();
    }
    long middle = threads.getCurrentThreadCpuTime();
    for (int pass = 0; pass < passes; pass++) {
      decode();
    }
    long end = threads.getCurrentThreadCpuTime();
    double values = (double) passes * encoded.length;
    return (middle - start) / values + " " + (end - middle) / values;
  }

  private void encode() {
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = candidate.encode(i);
    }
  }

  private void decode() {
    for (int i = 0; i < encoded.length; i++) {
      decoded[i] = candidate.decode(encoded[i]);
    }
  }
}
