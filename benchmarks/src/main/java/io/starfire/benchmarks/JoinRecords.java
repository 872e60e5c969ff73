package io.starfire.benchmarks;

import io.starfire.common.Times;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/**
 * Writes impressions and clicks as JSON, any number of them in little memory.
 *
 * @param records of both kinds
 * @param hours over which they are spread
 * @param hotShare the fraction of the records that have one and the same key; few of them are
 *     clicks, since each impression gets all clicks in its window
 */
record JoinRecords(long seed, Instant start, long records, int hours, double hotShare) {
  private static final double CLICKS = 0.1;
  private static final double HOT_CLICKS = 1.0 / 10_000;
  private static final String HOT = "i-hot";

  /** Returns the bytes written. */
  long write(Path impressions, Path clicks) throws IOException {
    Random random = new Random(seed);
    long stepMicros = Duration.ofHours(hours).toMillis() * 1000 / records;
    Path impressionFile = impressions.resolve("part-0.json");
    Path clickFile = clicks.resolve("part-0.json");
    try (BufferedWriter toImpressions = writer(impressionFile);
        BufferedWriter toClicks = writer(clickFile)) {
      StringBuilder line = new StringBuilder();
      for (long i = 0; i < records; i++) {
        line.setLength(0);
        String at = Times.format(start.toEpochMilli() + i * stepMicros / 1000);
        boolean isHot = random.nextDouble() < hotShare;
        if (random.nextDouble() < (isHot ? HOT_CLICKS : CLICKS)) {
          // Of an impression of the last minutes, which may have been a click instead.
          String id = isHot ? HOT : "i-" + Math.max(0, i - random.nextInt(10_000));
          line.append("{\"impressionId\":\"").append(id);
          line.append("\",\"clickedAt\":\"").append(at).append("\"}\n");
          toClicks.append(line);
        } else {
          line.append("{\"impressionId\":\"");
          if (isHot) {
            line.append(HOT);
          } else {
            line.append("i-").append(i);
          }
          line.append("\",\"servedAt\":\"").append(at);
          line.append("\",\"advertiserId\":\"a-").append(random.nextInt(500));
          line.append("\",\"publisher\":\"site-").append(random.nextInt(100));
          line.append(".example\",\"city\":\"city ").append(random.nextInt(1000));
          line.append("\",\"price\":").append(random.nextInt(50_000) / 10_000.0).append("}\n");
          toImpressions.append(line);
        }
      }
    }
    return Files.size(impressionFile) + Files.size(clickFile);
  }

  private static BufferedWriter writer(Path file) throws IOException {
    return Files.newBufferedWriter(file, StandardCharsets.UTF_8);
  }
}
