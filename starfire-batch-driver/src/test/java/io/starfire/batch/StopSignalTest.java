package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;

class StopSignalTest {
  /** As HDFS is: of no use once it is closed, and closed by Hadoop when the JVM ends. */
  public static final class Closing extends RawLocalFileSystem {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public URI getUri() {
      return URI.create("closing:///");
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  /** A run that waits until it is interrupted, and then takes its time to clean up. */
  public static final class Run {
    private Run() {}

    @SuppressWarnings("ClosingStandardOutputStreams") // a signal does not close what it writes to
    public static void main(String[] arguments) throws Exception {
      Configuration configuration = new Configuration(false);
      configuration.set("fs.closing.impl", Closing.class.getName());
      try (StopSignal signal =
          StopSignal.interruptingThisThread(System.err, "starfire index", "all is deleted")) {
        Closing files = (Closing) FileSystem.get(URI.create("closing:///"), configuration);
        System.out.println("run: waits");
        boolean closed = waitThenCleanUp(files);
        System.out.println("run: " + signal.received() + " " + (closed ? "closed" : "open"));
      }
    }

    /** Whether the file system was closed under it. */
    private static boolean waitThenCleanUp(Closing files) throws InterruptedException {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        return files.closed.await(300, TimeUnit.MILLISECONDS);
      }
      return false;
    }
  }

  @Test
  void fileSystemsAreOpenUntilTheRunThatIsStoppedHasCleanedUp() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Run.class.getName())
            .start();
    try (var out = process.inputReader(StandardCharsets.UTF_8);
        var err = process.errorReader(StandardCharsets.UTF_8)) {
      Iterator<String> lines = out.lines().filter(line -> line.startsWith("run: ")).iterator();
      assertThat(lines.next()).isEqualTo("run: waits");
      // The process itself would close its streams here, too.
      boolean unused = process.toHandle().destroy();
      assertThat(lines.next()).isEqualTo("run: true open");
      assertThat(err.lines()).contains("starfire index: stopping; all is deleted");
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }
}
