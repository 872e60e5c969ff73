package io.starfire.cli;

import io.starfire.cli.demo.Demo;
import io.starfire.cli.demo.DemoSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the demonstration. */
@Command(
    name = "demo",
    description = {
      "Runs all of Starfire in one process: a Kafka broker, a generator of ad events, the stream,",
      "the archiver and the server. Then a batch run replaces five hours of real-time numbers.",
      "Ends with Ctrl-C, or after the replacement with --once."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int DEFAULT_PORT = 8888;
  private static final int STOP_SECONDS = 20;

  @Option(
      names = "--dir",
      paramLabel = "DIRECTORY",
      description =
          "Directory for all data. Default: a temporary one, which is deleted at the end.")
  private Path directory;

  @Option(
      names = "--port",
      description = "Port of the server. Default: " + DEFAULT_PORT + ", or a free one with --once.")
  private Integer port;

  @Option(
      names = "--seed",
      defaultValue = "42",
      description = "Seed of the generator. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--once", description = "End after the replacement. Takes two to three minutes.")
  private boolean once;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the results to this file as JSON, also if the demonstration fails.")
  private Path report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    DemoSettings settings =
        new DemoSettings(
            directory == null ? TemporaryDirectory.make() : directory.toAbsolutePath(),
            port != null ? port : once ? 0 : DEFAULT_PORT,
            seed,
            once,
            Optional.ofNullable(report),
            DemoSettings.SPEED);
    Demo demo = new Demo(settings, spec.commandLine().getOut(), InstantSource.system());
    CountDownLatch ended = new CountDownLatch(1);
    Thread runner = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(runner, ended), "demo-stop"));
    try {
      if (!demo.run()) {
        throw demo.failure();
      }
      return 0;
    } finally {
      if (directory == null) {
        TemporaryDirectory.delete(settings.directory());
      }
      ended.countDown();
    }
  }

  /** On Ctrl-C: lets everything that runs end cleanly, for a while. */
  private static void stop(Thread runner, CountDownLatch ended) {
    runner.interrupt();
    try {
      if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("starfire: not everything ended in time; it is left as it is");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
