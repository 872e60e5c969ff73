package io.starfire.serving.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starfire.event.DataRow;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.serving.SegmentFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersisterTest {
  @TempDir Path directory;
  private final AtomicLong now = new AtomicLong(1_000);
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
  private final ErrorLog errors = new ErrorLog("ads", clock);
  private final AtomicInteger errorsToThrow = new AtomicInteger();
  private final RealtimeMetrics metrics = new RealtimeMetrics(new SimpleMeterRegistry(), "ads");

  private Persister persister(Executor executor) {
    RealtimeSettings settings =
        RealtimeSettings.builder(directory, Map.of("bootstrap.servers", "none:1"))
            .retryBackoff(Duration.ofSeconds(1))
            .build();
    return new Persister(
        directory,
        settings,
        clock,
        executor,
        new AtomicLong(),
        metrics,
        errors,
        (rows, bucket, file) -> {
          if (errorsToThrow.getAndDecrement() > 0) {
            throw new OutOfMemoryError("no room for the dictionary");
          }
          SegmentWriter.write(rows, bucket, file);
        });
  }

  /** One sealed piece of one row. */
  private PartitionChain chain() {
    PartitionChain chain = new PartitionChain(0, 0);
    DataRow row = SegmentFiles.row(SegmentFiles.hour(10).startMillis(), "p", 1);
    DecodedRecord record =
        new DecodedRecord(
            new ConsumerRecord<>("ads", 0, 0, null, new byte[1]),
            new RowDecoder.Decoded(row, SegmentFiles.SCHEMA),
            Optional.empty());
    assertThat(chain.append(0, List.of(record), 1, now.get(), counted -> {}).orElseThrow().events())
        .isEqualTo(1);
    chain.sealIf(piece -> true);
    return chain;
  }

  @Test
  void aPieceThatAnErrorHitWhileItWasWrittenIsWrittenAgain() {
    PartitionChain chain = chain();
    errorsToThrow.set(1);
    Persister persister = persister(Runnable::run);
    persister.submitDue(chain);
    assertThat(chain.awaitingPersist()).isEqualTo(1);
    assertThat(errors.last().orElseThrow().message())
        .isEqualTo(
            "offsets [0, 1) of partition 0 could not be persisted; trying again: no room for the"
                + " dictionary");
    now.addAndGet(1_000);
    persister.submitDue(chain);
    assertThat(chain.awaitingPersist()).isZero();
    chain.close().forEach(PersistedFiles::delete);
  }

  @Test
  void aPieceForWhichNoThreadCouldBeStartedIsWrittenAgain() {
    PartitionChain chain = chain();
    AtomicInteger refusals = new AtomicInteger(1);
    Persister persister =
        persister(
            task -> {
              if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              task.run();
            });
    assertThatThrownBy(() -> persister.submitDue(chain)).isInstanceOf(OutOfMemoryError.class);
    assertThat(chain.awaitingPersist()).isEqualTo(1);
    now.addAndGet(1_000);
    persister.submitDue(chain);
    assertThat(chain.awaitingPersist()).isZero();
    chain.close().forEach(PersistedFiles::delete);
  }
}
