package io.starfire.stream;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What tasks hold back to write it together: the blocks that are not full, and their progress. A
 * task says to its thread that it holds something; the thread's {@link TrackedProducer} has it
 * written before it commits, with the transaction that commits the offsets. Kafka Streams flushes
 * its producer for that before it looks for the offsets, so that no hook of its own is needed.
 * Thread-safe.
 */
final class Unwritten {
  private final Map<Thread, Set<Part>> parts = new ConcurrentHashMap<>();

  /** What one task holds back; called on the task's thread. */
  interface Part {
    /** Hands over all that is held, which is not held any more then. */
    void write(Consumer<ProducerRecord<byte[], byte[]>> producer);
  }

  /** A task begins, on its thread. */
  void add(Part part) {
    parts.computeIfAbsent(Thread.currentThread(), thread -> new CopyOnWriteArraySet<>()).add(part);
  }

  /** A task ends, on its thread. What it still holds is of work that will not be committed. */
  void remove(Part part) {
    parts.computeIfPresent(
        Thread.currentThread(),
        (thread, held) -> {
          held.remove(part);
          return held.isEmpty() ? null : held;
        });
  }

  /** Writes what the tasks of this thread hold. */
  void write(Consumer<ProducerRecord<byte[], byte[]>> producer) {
    parts.getOrDefault(Thread.currentThread(), Set.of()).forEach(part -> part.write(producer));
  }
}
