package io.starfire.benchmarks;

import io.starfire.event.DataRow;
import java.nio.file.Path;

/** Publishes generated rows, one segment an hour. */
final class AdSegments {
  private AdSegments() {}

  /** Returns when the segments are served. */
  static void publish(AdRows data, ServerUnderTest server, Path work, Path deepStorage) {
    new SegmentPublisher(server, data.schema(), work, deepStorage)
        .publish(
            data.hours(),
            (builder, hour) -> {
              for (DataRow row : data.decoded(hour)) {
                builder.add(row);
              }
            });
  }
}
