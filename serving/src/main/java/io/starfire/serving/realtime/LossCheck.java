package io.starfire.serving.realtime;

import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares where a partition has to be read on with what its log holds. */
final class LossCheck {
  private static final Logger LOG = LoggerFactory.getLogger(LossCheck.class);

  private final LiveDataSource live;
  private final RealtimeSettings settings;
  private final RealtimeMetrics metrics;
  private final InstantSource clock;

  LossCheck(
      LiveDataSource live,
      RealtimeSettings settings,
      RealtimeMetrics metrics,
      InstantSource clock) {
    this.live = live;
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Whether the partition may be read on from the chain's position. If the log starts above it, the
   * loss is reported, and the position moves on only where the settings say so. If the log ends
   * below it, the log was cut and other records may come in its place: that is never read.
   *
   * @param refused whether the broker refused to read from the position. An end below the position
   *     means nothing otherwise: for a moment after a change of leaders it is told too low
   */
  boolean mayRead(PartitionChain chain, long logStart, long logEnd, boolean refused) {
    long position = chain.position();
    int partition = chain.kafkaPartition();
    if (position < logStart) {
      report(new LostRange(partition, position, logStart, clock.instant()));
      if (!settings.continueAfterDataLoss()) {
        live.stop(partition);
        return false;
      }
      // The gap is part of the piece, so that the commit still starts at the committed offset.
      chain.advance(chain.generation(), logStart, clock.millis());
    } else if (refused && position > logEnd) {
      report(new LostRange(partition, logEnd, position, clock.instant()));
      live.stop(partition);
      return false;
    }
    live.unstop(partition);
    return true;
  }

  private void report(LostRange range) {
    if (live.lost(range)) {
      metrics.lost(range.endOffset() - range.startOffset());
      LOG.error(
          "DATA LOSS: data source '{}', topic '{}', partition {}: the log does not hold the offsets [{}, {}), {}",
          live.schema().name(),
          live.topic(),
          range.kafkaPartition(),
          range.startOffset(),
          range.endOffset(),
          settings.continueAfterDataLoss()
              ? "which were not loaded; reading goes on behind them where that is safe"
              : "which were not loaded; the partition is not read on");
    }
  }
}
