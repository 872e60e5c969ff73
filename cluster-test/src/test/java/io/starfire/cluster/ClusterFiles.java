package io.starfire.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a small cluster: one of each daemon, all on the loopback address, with ports
 * that were free and directories of their own.
 *
 * @param directory of everything
 * @param conf what HADOOP_CONF_DIR would be
 * @param nameNode its address, host:port
 * @param resourceManagerWeb its address, host:port
 */
record ClusterFiles(Path directory, Path conf, String nameNode, String resourceManagerWeb) {
  private static final String HOST = "127.0.0.1";
  private static final String TASK_OPTIONS =
      "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true";

  static ClusterFiles write(Path directory, HadoopDistribution hadoop) throws IOException {
    Path conf = Files.createDirectories(directory.resolve("conf"));
    for (String name : List.of("logs", "tmp", "nn", "dn", "nm")) {
      Files.createDirectories(directory.resolve(name));
    }
    // The pages of these two are in no jar of Maven's; the daemons only need the directories.
    for (String name : List.of("hdfs", "datanode")) {
      Files.createDirectories(directory.resolve("web/webapps").resolve(name));
    }
    Ports ports = new Ports();
    String nameNode = ports.next();
    String web = ports.next();
    xml(conf, "core-site.xml", core(directory, nameNode));
    xml(conf, "hdfs-site.xml", hdfs(directory, ports));
    xml(conf, "mapred-site.xml", mapred(conf, hadoop, ports));
    xml(conf, "yarn-site.xml", yarn(directory, conf, hadoop, ports, web));
    xml(
        conf,
        "capacity-scheduler.xml",
        Map.of(
            "yarn.scheduler.capacity.root.queues", "default",
            "yarn.scheduler.capacity.root.default.capacity", "100",
            "yarn.scheduler.capacity.maximum-am-resource-percent", "0.5"));
    Files.writeString(
        conf.resolve("log4j.properties"),
        """
        log4j.rootLogger=WARN, A
        log4j.appender.A=org.apache.log4j.ConsoleAppender
        log4j.appender.A.target=System.err
        log4j.appender.A.layout=org.apache.log4j.PatternLayout
        log4j.appender.A.layout.ConversionPattern=%d{HH:mm:ss} %p %c{1}: %m%n
        """);
    ports.free();
    return new ClusterFiles(directory, conf, nameNode, web);
  }

  private static Map<String, String> core(Path directory, String nameNode) {
    return Map.of(
        "fs.defaultFS",
        "hdfs://" + nameNode,
        "hadoop.tmp.dir",
        directory.resolve("tmp").toString());
  }

  private static Map<String, String> hdfs(Path directory, Ports ports) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("dfs.replication", "1");
    keys.put("dfs.namenode.name.dir", directory.resolve("nn").toUri().toString());
    keys.put("dfs.datanode.data.dir", directory.resolve("dn").toUri().toString());
    keys.put("dfs.namenode.http-address", ports.next());
    keys.put("dfs.datanode.address", ports.next());
    keys.put("dfs.datanode.http.address", ports.next());
    keys.put("dfs.datanode.ipc.address", ports.next());
    keys.put("dfs.permissions.enabled", "false");
    keys.put("dfs.namenode.safemode.extension", "0");
    keys.put("dfs.blocksize", "1048576");
    keys.put("dfs.namenode.fs-limits.min-block-size", "65536");
    keys.put("dfs.heartbeat.interval", "1");
    keys.put("dfs.namenode.datanode.registration.ip-hostname-check", "false");
    return keys;
  }

  private static Map<String, String> mapred(Path conf, HadoopDistribution hadoop, Ports ports) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("mapreduce.framework.name", "yarn");
    keys.put("mapreduce.application.classpath", conf + "," + hadoop.lib() + "/*");
    keys.put("mapreduce.jobhistory.address", ports.next());
    keys.put("mapreduce.shuffle.port", ports.next().split(":", -1)[1]);
    keys.put("yarn.app.mapreduce.am.staging-dir", "/tmp/staging");
    keys.put("yarn.app.mapreduce.am.resource.mb", "512");
    keys.put("yarn.app.mapreduce.am.command-opts", TASK_OPTIONS);
    keys.put("yarn.app.mapreduce.am.scheduler.heartbeat.interval-ms", "200");
    keys.put("mapreduce.map.memory.mb", "512");
    keys.put("mapreduce.reduce.memory.mb", "512");
    keys.put("mapreduce.map.java.opts", TASK_OPTIONS);
    keys.put("mapreduce.reduce.java.opts", TASK_OPTIONS);
    keys.put("mapreduce.task.io.sort.mb", "32");
    return keys;
  }

  private static Map<String, String> yarn(
      Path directory, Path conf, HadoopDistribution hadoop, Ports ports, String web) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("yarn.resourcemanager.hostname", HOST);
    keys.put("yarn.resourcemanager.bind-host", HOST);
    keys.put("yarn.resourcemanager.address", ports.next());
    keys.put("yarn.resourcemanager.scheduler.address", ports.next());
    keys.put("yarn.resourcemanager.resource-tracker.address", ports.next());
    keys.put("yarn.resourcemanager.admin.address", ports.next());
    keys.put("yarn.resourcemanager.webapp.address", web);
    keys.put("yarn.nodemanager.bind-host", HOST);
    keys.put("yarn.nodemanager.address", ports.next());
    keys.put("yarn.nodemanager.localizer.address", ports.next());
    keys.put("yarn.nodemanager.webapp.address", ports.next());
    keys.put("yarn.nodemanager.aux-services", "mapreduce_shuffle");
    keys.put("yarn.nodemanager.local-dirs", directory.resolve("nm/local").toString());
    keys.put("yarn.nodemanager.log-dirs", directory.resolve("logs/containers").toString());
    keys.put("yarn.nodemanager.resource.memory-mb", "3072");
    keys.put("yarn.nodemanager.resource.cpu-vcores", "8");
    keys.put("yarn.scheduler.minimum-allocation-mb", "128");
    keys.put("yarn.nodemanager.vmem-check-enabled", "false");
    keys.put("yarn.nodemanager.pmem-check-enabled", "false");
    keys.put("yarn.nodemanager.disk-health-checker.enable", "false");
    keys.put("yarn.nodemanager.env-whitelist", "JAVA_HOME");
    keys.put("yarn.application.classpath", conf + "," + hadoop.lib() + "/*");
    keys.put("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", "100");
    keys.put("yarn.am.liveness-monitor.expiry-interval-ms", "30000");
    return keys;
  }

  private static void xml(Path conf, String file, Map<String, String> keys) throws IOException {
    StringBuilder xml = new StringBuilder("<configuration>\n");
    keys.forEach(
        (key, value) ->
            xml.append(
                "<property><name>%s</name><value>%s</value></property>%n".formatted(key, value)));
    Files.writeString(conf.resolve(file), xml.append("</configuration>\n"));
  }

  /** Ports that nobody has, held until all are known, so that none is given out twice. */
  private static final class Ports {
    private final List<ServerSocket> held = new ArrayList<>();

    String next() {
      try {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST));
        held.add(socket);
        return HOST + ":" + socket.getLocalPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void free() throws IOException {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
