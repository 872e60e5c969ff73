package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.batch.base.Uninterrupted;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.protocol.StarfireClient;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Registers a publication and waits until it is active. A coordinator that does not answer is asked
 * again until the time is over; then the publication stays among the {@link UnpublishedRequests},
 * and a line says which command publishes it. One thread.
 */
public final class Publisher {
  private static final long POLL_MILLIS = 200;

  /** A reason why a publication stays staged may pass: segments have to be loaded first. */
  private static final Duration REASON_HOLDS_AFTER = Duration.ofSeconds(15);

  private final StarfireClient coordinator;
  private final UnpublishedRequests unpublished;
  private final Duration activationTimeout;
  private final InstantSource clock;
  private final Progress progress;

  /**
   * @param unpublished in which the publication is kept already
   * @param activationTimeout how long the coordinator may take to register it, and how long the
   *     segments may take to be loaded
   */
  public Publisher(
      StarfireClient coordinator,
      UnpublishedRequests unpublished,
      Duration activationTimeout,
      InstantSource clock,
      Progress progress) {
    this.coordinator = coordinator;
    this.unpublished = unpublished;
    this.activationTimeout = activationTimeout;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Registers a publication, and waits until it is active, is held, or cannot become active.
   *
   * @throws StarfireException with NOT_PUBLISHABLE if no coordinator will ever take it, and then it
   *     is no longer kept, nor its segments; as the coordinator refuses it, with the last failure
   *     if the coordinator did not answer in time, and with CANCELED, and then it is kept unless it
   *     is registered
   */
  public Published publish(PublicationRequest request) {
    register(request);
    return await(request);
  }

  private void register(PublicationRequest request) {
    try {
      PublicationStatus unused =
          new Retries(activationTimeout, clock, progress)
              .ask(
                  "publication %s is not registered".formatted(request.id()),
                  () -> coordinator.publish(request));
    } catch (StarfireException e) {
      notRegistered(request, e);
      throw e;
    }
    progress.registered(request.id());
    forget(request);
  }

  private void notRegistered(PublicationRequest request, StarfireException e) {
    if (e.code() == ErrorCode.NOT_PUBLISHABLE) {
      Uninterrupted.run(() -> giveUp(request));
    } else if (e.code() == ErrorCode.CANCELED || Retries.mayPass(e)) {
      tellKept(request);
    } else {
      Uninterrupted.run(() -> keepAfterRefusal(request));
    }
  }

  private void forget(PublicationRequest request) {
    try {
      unpublished.forget(request.id());
    } catch (StarfireException e) {
      // It is registered; what is kept of it does no harm.
      progress.line("publication %s: %s".formatted(request.id(), e.getMessage()));
    }
  }

  /**
   * Most refusals say nothing of the segments: the server sees another deep storage, another
   * coordinator took over, the request is too large. Once that is put right, they can be published.
   */
  private void keepAfterRefusal(PublicationRequest request) {
    if (!isRegistered(request)) {
      tellKept(request);
    }
  }

  private boolean isRegistered(PublicationRequest request) {
    try {
      PublicationStatus present = coordinator.publication(request.id());
      progress.line("publication %s is %s already".formatted(present.id(), present.state()));
      forget(request);
      return true;
    } catch (StarfireException e) {
      return false;
    }
  }

  /** Deletes what no coordinator will take, unless one has a publication with these segments. */
  private void giveUp(PublicationRequest request) {
    try {
      PublicationStatus present = coordinator.publication(request.id());
      progress.line("publication %s is %s already".formatted(present.id(), present.state()));
      forget(request);
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        delete(request);
      } else {
        tellKept(request);
      }
    }
  }

  private void delete(PublicationRequest request) {
    try {
      unpublished.delete(request);
    } catch (StarfireException e) {
      progress.line("%s; its segments are left".formatted(e.getMessage()));
      tellKept(request);
    }
  }

  private void tellKept(PublicationRequest request) {
    progress.line(
        "the segments are kept: 'bin/starfire publish %s' with the same configuration publishes them, 'bin/starfire batch clean --unpublished' deletes them"
            .formatted(request.id()));
  }

  /** Waits until a registered publication is active, is held, or cannot become active. */
  public Published await(PublicationRequest request) {
    Published published = published(request);
    progress.line(
        "publication %s: %s%s"
            .formatted(
                request.id(),
                published.state(),
                published.reason().isEmpty() ? "" : ": " + published.reason()));
    return published;
  }

  private static String whyStaged(PublicationStatus status) {
    if (status.held()) {
      return "it is held, as asked; activate it when you have looked at it";
    }
    return status.reason().isEmpty()
        ? "%d of its %d segments are loaded".formatted(status.loadedCount(), status.segmentCount())
        : status.reason();
  }

  private Published published(PublicationRequest request) {
    String id = request.id();
    long startedMillis = clock.millis();
    int shownLoaded = -1;
    String reason = "";
    String silence = "";
    long reasonSinceMillis = startedMillis;
    long pauseMillis = Retries.FIRST_PAUSE_MILLIS;
    while (true) {
      long now = clock.millis();
      boolean isOver = now - startedMillis > activationTimeout.toMillis();
      try {
        PublicationStatus status = coordinator.publication(id);
        silence = "";
        if (status.state() != State.STAGED) {
          return Published.of(request, status.state(), status.reason());
        }
        if (!status.reason().equals(reason)) {
          reason = status.reason();
          reasonSinceMillis = now;
        }
        boolean allLoaded = status.loadedCount() == status.segmentCount();
        boolean isStuck =
            !reason.isEmpty()
                && allLoaded
                && now - reasonSinceMillis > REASON_HOLDS_AFTER.toMillis();
        if (status.held() || isStuck || isOver) {
          return Published.of(request, status.state(), whyStaged(status));
        }
        if (status.loadedCount() != shownLoaded) {
          shownLoaded = status.loadedCount();
          progress.line(
              "publication %s: %d of %d segments loaded"
                  .formatted(id, shownLoaded, status.segmentCount()));
        }
      } catch (StarfireException e) {
        if (e.code() == ErrorCode.CANCELED) {
          tellRegistered(id);
        }
        if (!Retries.mayPass(e)) {
          throw e;
        }
        String what =
            "it is registered, and the coordinator will activate it when it answers again; 'bin/starfire publication show %s' tells whether it has (%s)"
                .formatted(id, e.getMessage());
        if (isOver) {
          return Published.of(request, State.STAGED, what);
        }
        if (!silence.equals(what)) {
          silence = what;
          progress.line("publication %s: %s".formatted(id, what));
        }
      }
      pause(pauseMillis, id);
      pauseMillis = Math.min(2 * pauseMillis, POLL_MILLIS);
    }
  }

  private void pause(long millis, String id) {
    try {
      Retries.pause(millis);
    } catch (StarfireException e) {
      tellRegistered(id);
      throw e;
    }
  }

  private void tellRegistered(String id) {
    progress.line(
        "publication %s is registered and becomes active by itself; 'bin/starfire publication abort %s' gives it up"
            .formatted(id, id));
  }
}
