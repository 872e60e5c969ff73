package io.starfire.serving.historical;

import io.starfire.common.BackgroundLoop;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.cluster.InventoryDelta;
import io.starfire.protocol.cluster.SegmentPart;
import io.starfire.protocol.cluster.SegmentScan;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.serving.role.HeldRows;
import io.starfire.serving.role.LocalRows;
import io.starfire.serving.role.OpenSegment;
import io.starfire.serving.role.SegmentNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Serves segments from mapped local copies. A segment is served only after every byte of its file
 * was checked and the file was found to be what its descriptor says. Thread-safe.
 */
public final class Historical implements SegmentNode, AutoCloseable {
  private static final Duration SWEEP_PERIOD = Duration.ofMinutes(1);

  /** So many files are brought at a time: enough that one slow file does not hold up the others. */
  private static final int LOAD_THREADS = 4;

  private static final String STOPPED = "the historical is being stopped and loads nothing more";

  private final SegmentCache cache;

  /** Deletes what is not held any more, so that nobody who drops a segment waits for a disk. */
  private final BackgroundLoop sweeping;

  private final Map<SegmentId, Loaded> loaded = new HashMap<>();
  private final ExecutorService loaders;
  private final List<Consumer<InventoryDelta>> listeners = new ArrayList<>();
  private volatile Set<SegmentId> spare = Set.of();

  /** By path; files that have no segment id yet. */
  private final Map<String, Fetched> fetched = new HashMap<>();

  private record Loaded(String path, SegmentReader reader) {}

  /**
   * A fetched file.
   *
   * @param holds how often it was fetched and not forgotten
   */
  private record Fetched(SegmentReader reader, int holds) {
    Fetched withHolds(int changed) {
      return new Fetched(reader, changed);
    }
  }

  /**
   * Starts with nothing loaded.
   *
   * @param cacheDirectory for the local copies; of this process alone, kept between starts
   * @param maxCacheBytes of all copies together
   */
  public Historical(Path cacheDirectory, DeepStorage deepStorage, long maxCacheBytes) {
    this.cache = new SegmentCache(cacheDirectory, deepStorage, maxCacheBytes);
    this.sweeping =
        BackgroundLoop.named("historical-sweep", cache::sweep).every(SWEEP_PERIOD).build();
    sweeping.start();
    AtomicInteger threads = new AtomicInteger();
    this.loaders =
        Executors.newFixedThreadPool(
            LOAD_THREADS,
            task -> {
              Thread thread = new Thread(task, "historical-load-" + threads.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public synchronized void follow(Consumer<InventoryDelta> listener) {
    listeners.add(listener);
    listener.accept(new InventoryDelta(List.copyOf(loaded.keySet()), List.of()));
  }

  /** In the order of the changes. */
  private void tell(InventoryDelta delta) {
    listeners.forEach(listener -> listener.accept(delta));
  }

  @Override
  public void fetch(String path, long sizeBytes) {
    SegmentReader reader = hold(path, sizeBytes);
    synchronized (this) {
      fetched.merge(path, new Fetched(reader, 1), (had, one) -> had.withHolds(had.holds + 1));
    }
  }

  /** Holds a file; if there is no room, drops what may be spared and tries once more. */
  private SegmentReader hold(String path, long sizeBytes) {
    try {
      return cache.hold(path, sizeBytes);
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.CAPACITY_EXCEEDED || !dropSpare()) {
        throw e;
      }
      return cache.hold(path, sizeBytes);
    }
  }

  private boolean dropSpare() {
    List<SegmentId> dropped = served().stream().filter(spare::contains).toList();
    dropped.forEach(this::drop);
    return !dropped.isEmpty();
  }

  @Override
  public void forget(String path) {
    synchronized (this) {
      fetched.computeIfPresent(
          path, (key, had) -> had.holds == 1 ? null : had.withHolds(had.holds - 1));
    }
    release(path);
  }

  @Override
  public CompletableFuture<Void> load(SegmentDescriptor segment) {
    try {
      if (isHere(segment)) {
        loadNow(segment);
        return CompletableFuture.completedFuture(null);
      }
      Order order = new Order(segment, new CompletableFuture<>());
      loaders.execute(order);
      return order.done;
    } catch (StarfireException e) {
      return CompletableFuture.failedFuture(e);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new StarfireException(ErrorCode.UNAVAILABLE, STOPPED, e));
    }
  }

  /** A segment to load. Whoever waits for it hears what became of it, whatever that is. */
  private final class Order implements Runnable {
    private final SegmentDescriptor segment;
    private final CompletableFuture<Void> done;

    Order(SegmentDescriptor segment, CompletableFuture<Void> done) {
      this.segment = segment;
      this.done = done;
    }

    @Override
    public void run() {
      boolean unused;
      try {
        loadNow(segment);
        unused = done.complete(null);
      } catch (RuntimeException | Error e) {
        unused = done.completeExceptionally(e);
      }
    }

    void refuse() {
      boolean unused =
          done.completeExceptionally(new StarfireException(ErrorCode.UNAVAILABLE, STOPPED));
    }
  }

  /** Whether loading it waits for nothing. */
  private synchronized boolean isHere(SegmentDescriptor segment) {
    return loaded.containsKey(segment.id()) || fetched.containsKey(segment.path());
  }

  private void loadNow(SegmentDescriptor segment) {
    if (serves(segment.id())) {
      return;
    }
    SegmentReader reader =
        spare.contains(segment.id())
            ? cache.hold(segment.path(), segment.sizeBytes())
            : hold(segment.path(), segment.sizeBytes());
    boolean kept = false;
    try {
      checkIsWhatItSays(segment, reader);
      kept = keep(segment, reader);
    } finally {
      if (!kept) {
        release(segment.path());
      }
    }
  }

  private synchronized boolean keep(SegmentDescriptor segment, SegmentReader reader) {
    boolean isNew = loaded.putIfAbsent(segment.id(), new Loaded(segment.path(), reader)) == null;
    if (isNew) {
      tell(InventoryDelta.added(segment.id()));
    }
    return isNew;
  }

  private static boolean isWhatItSays(SegmentDescriptor segment, SegmentReader reader) {
    return reader.schema().name().equals(segment.id().dataSource())
        && reader.interval().equals(segment.id().interval())
        && reader.rowCount() == segment.rowCount()
        && reader.eventCount() == segment.eventCount();
  }

  private static void checkIsWhatItSays(SegmentDescriptor segment, SegmentReader reader) {
    SegmentId id = segment.id();
    if (!isWhatItSays(segment, reader)) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "'%s' in deep storage is not segment %s of %d rows and %d events: it holds %s over %s with %d rows and %d events"
              .formatted(
                  segment.path(),
                  id,
                  segment.rowCount(),
                  segment.eventCount(),
                  reader.schema().name(),
                  reader.interval(),
                  reader.rowCount(),
                  reader.eventCount()));
    }
  }

  @Override
  public void drop(SegmentId segment) {
    Loaded dropped;
    synchronized (this) {
      dropped = loaded.remove(segment);
      if (dropped != null) {
        tell(InventoryDelta.removed(segment));
      }
    }
    if (dropped != null) {
      release(dropped.path);
    }
  }

  private void release(String path) {
    cache.release(path);
    sweeping.wake();
  }

  /** How its thread does. */
  public BackgroundLoop.Status loop() {
    return sweeping.status();
  }

  @Override
  public void spare(Set<SegmentId> segments) {
    spare = Set.copyOf(segments);
  }

  /** Whether a segment is loaded. */
  public synchronized boolean serves(SegmentId segment) {
    return loaded.containsKey(segment);
  }

  /** Everything that is loaded. */
  public synchronized Set<SegmentId> served() {
    return Set.copyOf(loaded.keySet());
  }

  @Override
  public HeldRows<OpenSegment> hold(SegmentScan request) {
    List<OpenSegment> opened = new ArrayList<>();
    boolean complete = false;
    try {
      for (SegmentPart part : request.segments()) {
        SegmentDescriptor segment = part.segment();
        open(segment).ifPresent(rows -> opened.add(new OpenSegment(segment.id(), rows)));
      }
      complete = true;
      return LocalRows.ofSegments(opened, this::reportDamage);
    } finally {
      if (!complete) {
        opened.forEach(OpenSegment::close);
      }
    }
  }

  /** Opens one segment; empty if this node neither serves it nor has fetched its file. */
  Optional<IndexedRows> open(SegmentDescriptor segment) {
    return reader(segment).flatMap(SegmentReader::tryShare).map(IndexedRows.class::cast);
  }

  /** Of a loaded segment, or of the fetched file of one that a view shows already. */
  private synchronized Optional<SegmentReader> reader(SegmentDescriptor segment) {
    Loaded found = loaded.get(segment.id());
    if (found != null) {
      return Optional.of(found.reader);
    }
    return Optional.ofNullable(fetched.get(segment.path()))
        .map(Fetched::reader)
        .filter(reader -> isWhatItSays(segment, reader));
  }

  /** Drops the copy; the coordinator hears of it and has it loaded from deep storage again. */
  @Override
  public void reportDamage(SegmentId segment) {
    drop(segment);
  }

  @Override
  public void close() {
    sweeping.close();
    for (Runnable queued : loaders.shutdownNow()) {
      ((Order) queued).refuse();
    }
    synchronized (this) {
      loaded.clear();
      fetched.clear();
    }
    cache.close();
  }
}
