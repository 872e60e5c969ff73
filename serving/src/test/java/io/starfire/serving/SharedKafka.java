package io.starfire.serving;

import io.starfire.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One broker for all tests of a process, since a broker takes seconds to start. It ends with the
 * process. Each test has topics of its own. A test that stops its broker, or needs other settings,
 * starts one itself. Thread-safe.
 */
public final class SharedKafka {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private SharedKafka() {}

  /** Started by the first test that asks for it. */
  private static final class Holder {
    private static final EmbeddedKafka KAFKA = start();

    private static EmbeddedKafka start() {
      try {
        Path directory = Files.createTempDirectory("starfire-kafka");
        EmbeddedKafka kafka = EmbeddedKafka.start(directory);
        Runtime.getRuntime()
            .addShutdownHook(new Thread(() -> stop(kafka, directory), "stop-kafka"));
        return kafka;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void stop(EmbeddedKafka kafka, Path directory) {
      kafka.close();
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The broker. Nobody closes it. */
  public static EmbeddedKafka kafka() {
    return Holder.KAFKA;
  }

  /** Creates a topic that no other test has. Returns its name, which begins with the given one. */
  public static String newTopic(String name, int partitions) {
    String topic = name + "-" + NUMBERS.incrementAndGet();
    kafka().createTopic(topic, partitions);
    return topic;
  }
}
