package io.starfire.batch;

import io.starfire.batch.BatchReport.Published;
import io.starfire.batch.base.Progress;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.segment.SegmentDescriptor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Registers a publication and waits until it turns. One thread. */
public final class Publisher {
  private static final long POLL_MILLIS = 200;

  /** A reason why a publication stays staged may pass: segments have to be loaded first. */
  private static final Duration REASON_HOLDS_AFTER = Duration.ofSeconds(15);

  private final CoordinatorClient coordinator;
  private final Duration activationTimeout;
  private final InstantSource clock;
  private final Progress progress;

  /**
   * @param activationTimeout how long the segments may take to be loaded
   */
  public Publisher(
      CoordinatorClient coordinator,
      Duration activationTimeout,
      InstantSource clock,
      Progress progress) {
    this.coordinator = coordinator;
    this.activationTimeout = activationTimeout;
    this.clock = clock;
    this.progress = progress;
  }

  /** Registers a publication; its id. */
  public String register(PublicationRequest request) {
    String id = coordinator.publish(request);
    progress.registered(id);
    return id;
  }

  /** Waits until a registered publication turns, is held, or cannot turn. */
  public Published await(String id, PublicationRequest request) {
    PublicationStatus status = await(id);
    String reason = status.state() == State.STAGED ? whyStaged(status) : status.reason();
    progress.line(
        "publication %s: %s%s"
            .formatted(id, status.state(), reason.isEmpty() ? "" : ": " + reason));
    return new Published(
        request.dataSource(),
        request.version(),
        id,
        status.state(),
        reason,
        Math.toIntExact(request.segments().stream().filter(s -> !s.tombstone()).count()),
        Math.toIntExact(request.segments().stream().filter(SegmentDescriptor::tombstone).count()),
        request.segments().stream().mapToLong(SegmentDescriptor::rowCount).sum(),
        request.segments().stream().mapToLong(SegmentDescriptor::eventCount).sum(),
        request.segments().stream().mapToLong(SegmentDescriptor::sizeBytes).sum());
  }

  private String whyStaged(PublicationStatus status) {
    if (status.held()) {
      return "it is held, as asked; activate it when you have looked at it";
    }
    return status.reason().isEmpty()
        ? "%d of its %d segments are loaded".formatted(status.loadedCount(), status.segmentCount())
        : status.reason();
  }

  private PublicationStatus await(String id) {
    long startedMillis = clock.millis();
    int shownLoaded = -1;
    String reason = "";
    long reasonSinceMillis = startedMillis;
    while (true) {
      PublicationStatus status = coordinator.publication(id);
      if (status.state() != State.STAGED || status.held()) {
        return status;
      }
      if (status.loadedCount() != shownLoaded) {
        shownLoaded = status.loadedCount();
        progress.line(
            "publication %s: %d of %d segments loaded"
                .formatted(id, shownLoaded, status.segmentCount()));
      }
      long now = clock.millis();
      if (!status.reason().equals(reason)) {
        reason = status.reason();
        reasonSinceMillis = now;
      }
      boolean allLoaded = status.loadedCount() == status.segmentCount();
      boolean stuck =
          !reason.isEmpty() && allLoaded && now - reasonSinceMillis > REASON_HOLDS_AFTER.toMillis();
      if (stuck || now - startedMillis > activationTimeout.toMillis()) {
        return status;
      }
      pause();
    }
  }

  private static void pause() {
    try {
      // Nothing counts this down: it is a wait that an interrupt ends.
      boolean unused = new CountDownLatch(1).await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(
          ErrorCode.CANCELED, "the wait for the publication was interrupted", e);
    }
  }
}
