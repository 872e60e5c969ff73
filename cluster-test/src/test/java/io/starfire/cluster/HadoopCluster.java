package io.starfire.cluster;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * A real HDFS and a real YARN: NameNode, DataNode, ResourceManager and NodeManager, each in a JVM
 * of its own, ended by its id. Their logs, and those of the containers, stay in the build
 * directory. One thread.
 */
final class HadoopCluster implements AutoCloseable {
  /** The daemons, in the order in which they are started. */
  enum Daemon {
    NAME_NODE("org.apache.hadoop.hdfs.server.namenode.NameNode"),
    DATA_NODE("org.apache.hadoop.hdfs.server.datanode.DataNode"),
    RESOURCE_MANAGER("org.apache.hadoop.yarn.server.resourcemanager.ResourceManager"),
    NODE_MANAGER("org.apache.hadoop.yarn.server.nodemanager.NodeManager");

    private final String mainClass;

    Daemon(String mainClass) {
      this.mainClass = mainClass;
    }
  }

  private static final Duration START_TIME = Duration.ofSeconds(90);
  private static final int ATTEMPTS = 3;

  private final HadoopDistribution hadoop;
  private final ClusterFiles files;
  private final Map<Daemon, JavaProcess> daemons = new TreeMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private FileSystem fileSystem;

  private HadoopCluster(HadoopDistribution hadoop, ClusterFiles files) {
    this.hadoop = hadoop;
    this.files = files;
  }

  /**
   * Starts all daemons and waits until HDFS takes changes and YARN has a node.
   *
   * @param name of its directory in the build's
   */
  static HadoopCluster start(String name) {
    for (int attempt = 1; ; attempt++) {
      HadoopCluster cluster = prepare(name);
      try {
        for (Daemon daemon : Daemon.values()) {
          cluster.start(daemon);
        }
        cluster.awaitReady();
        return cluster;
      } catch (AssertionError e) {
        cluster.close();
        // A port that was free may have been taken before a daemon bound it.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static HadoopCluster prepare(String name) {
    try {
      Path directory = HadoopDistribution.clusterDirectory(name);
      HadoopDistribution hadoop = HadoopDistribution.in(directory);
      HadoopCluster cluster = new HadoopCluster(hadoop, ClusterFiles.write(directory, hadoop));
      int code =
          cluster
              .java("format", Daemon.NAME_NODE.mainClass, List.of("-format", "-nonInteractive"))
              .await(START_TIME);
      if (code != 0) {
        throw new AssertionError("the NameNode could not be formatted: see " + cluster.logs());
      }
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start(Daemon daemon) {
    daemons.put(daemon, java(daemon.name(), daemon.mainClass, List.of()));
  }

  /** Ends a daemon without asking. */
  void kill(Daemon daemon) {
    JavaProcess process = daemons.remove(daemon);
    process.kill();
    int unused = process.await(START_TIME);
  }

  /** Waits until HDFS takes changes and has a DataNode, and YARN has a node. */
  void awaitReady() {
    awaitStart(
        "HDFS takes changes, see " + logs(),
        () -> {
          checkAlive();
          return fileSystem() instanceof DistributedFileSystem hdfs
              && !hdfs.isInSafeMode()
              && hdfs.getDataNodeStats().length == 1;
        });
    awaitStart(
        "YARN has a node, see " + logs(),
        () -> {
          checkAlive();
          return resourceManager("/metrics").at("/clusterMetrics/activeNodes").asInt() == 1;
        });
  }

  /** Daemons that are still starting refuse to answer, which counts as not yet. */
  private static void awaitStart(String what, Callable<Boolean> condition) {
    await(what)
        .atMost(START_TIME)
        .ignoreExceptionsMatching(e -> e instanceof Exception)
        .until(condition);
  }

  private void checkAlive() {
    daemons.forEach(
        (daemon, process) -> {
          if (!process.isAlive()) {
            throw new AssertionError(
                "%s has ended: %s".formatted(daemon, process.err().lines().limit(20).toList()));
          }
        });
  }

  /** The root of HDFS, such as {@code hdfs://127.0.0.1:40001}. */
  String root() {
    return "hdfs://" + files.nameNode();
  }

  Path logs() {
    return files.directory().resolve("logs");
  }

  Path directory() {
    return files.directory();
  }

  /** HDFS, through a client with the cluster's configuration. */
  FileSystem fileSystem() throws IOException {
    if (fileSystem == null) {
      fileSystem = FileSystem.newInstance(URI.create(root()), configuration());
    }
    return fileSystem;
  }

  /** The cluster's configuration, as a client has it. */
  Configuration configuration() {
    Configuration configuration = new Configuration();
    for (String name : List.of("core-site.xml", "hdfs-site.xml")) {
      configuration.addResource(new org.apache.hadoop.fs.Path(files.conf().resolve(name).toUri()));
    }
    return configuration;
  }

  /** Asks the ResourceManager over HTTP, below {@code /ws/v1/cluster}. */
  JsonNode resourceManager(String path) throws IOException, InterruptedException {
    URI address =
        URI.create("http://%s/ws/v1/cluster%s".formatted(files.resourceManagerWeb(), path));
    return new ObjectMapper()
        .readTree(
            http.send(
                    HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body());
  }

  /** The processes of containers that run, whose command line holds a text. */
  List<ProcessHandle> containers(String text) {
    return daemons
        .get(Daemon.NODE_MANAGER)
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(text))
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .toList();
  }

  /** {@code hadoop jar} of the job jar, in a JVM of its own with the cluster's configuration. */
  JavaProcess submit(String name, List<String> arguments) {
    return submit(name, HadoopDistribution.jobJar(), arguments);
  }

  /** The same with another job jar. */
  JavaProcess submit(String name, Path jobJar, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of(jobJar.toString()));
    all.addAll(arguments);
    return java(name, "org.apache.hadoop.util.RunJar", all);
  }

  /**
   * What {@code bin/starfire} starts: the command line on the class path of this test, with the
   * cluster's configuration before it.
   */
  JavaProcess starfire(String name, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("io.starfire.cli.Main"));
    command.addAll(arguments);
    return JavaProcess.start(
        name,
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-Djava.net.preferIPv4Stack=true",
            "-Dstarfire.home=" + HadoopDistribution.home(),
            "-cp",
            files.conf() + ":" + System.getProperty("java.class.path")),
        command,
        logs(),
        List.of());
  }

  private JavaProcess java(String name, String mainClass, List<String> arguments) {
    List<String> options =
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.net.preferIPv4Stack=true",
            "-Djava.io.tmpdir=" + files.directory().resolve("tmp"),
            "-cp",
            files.conf() + ":" + files.directory().resolve("web") + ":" + hadoop.lib() + "/*");
    List<String> command = new ArrayList<>(List.of(mainClass));
    command.addAll(arguments);
    return JavaProcess.start(
        name,
        options,
        command,
        logs(),
        List.of("HADOOP_CONF_DIR=" + files.conf(), "JAVA_HOME=" + System.getProperty("java.home")));
  }

  /** Ends all daemons; what they stored is deleted, and their logs are kept. */
  @Override
  public void close() {
    List<Daemon> lastFirst = new ArrayList<>(daemons.keySet());
    java.util.Collections.reverse(lastFirst);
    lastFirst.forEach(daemon -> daemons.get(daemon).close());
    daemons.clear();
    try {
      for (String name : List.of("nn", "dn", "nm", "tmp", "lib")) {
        Directories.delete(files.directory().resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean hasLogs() {
    return Files.isDirectory(logs());
  }
}
