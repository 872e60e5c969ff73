package io.starfire.batch;

import io.starfire.batch.job.IntermediateCodec;
import io.starfire.config.StarfireConfig;
import io.starfire.hadoop.HadoopClient;
import io.starfire.hadoop.LocalFiles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapreduce.MRJobConfig;

/** Hadoop's configuration for a run. Stateless. */
public final class HadoopSettings {
  private static final String FRAMEWORK = "mapreduce.framework.name";
  private static final String LOCAL = "local";
  private static final String MAX_COUNTERS = "4000";
  private static final String MAX_GROUPS = "1000";

  /** At INFO, each container writes hundreds of lines about itself. */
  private static final List<String> LOG_LEVELS =
      List.of(MRJobConfig.MAP_LOG_LEVEL, MRJobConfig.REDUCE_LOG_LEVEL, MRJobConfig.MR_AM_LOG_LEVEL);

  private static final String WARN = "WARN";

  private HadoopSettings() {}

  /**
   * Hadoop's defaults and the cluster's files, then {@code starfire.hadoop.properties} and {@code
   * starfire.batch.properties}, then those of the command line.
   *
   * @param runDirectory for the temporary files of the local job runner
   */
  public static Configuration of(
      StarfireConfig config, Map<String, String> commandLine, String runDirectory) {
    // A JobConf has read mapred-site.xml and yarn-site.xml, which say where jobs run.
    Configuration configuration = new JobConf();
    HadoopClient.boundWaits(configuration);
    // An outcome of an operator is a counter; a plan may have more than Hadoop's default allows.
    configuration.set("mapreduce.job.counters.max", MAX_COUNTERS);
    configuration.set("mapreduce.job.counters.groups.max", MAX_GROUPS);
    // What an attempt wrote becomes visible with its job, and not before: attempts may be killed or
    // run twice at any time.
    configuration.set("mapreduce.fileoutputcommitter.algorithm.version", "1");
    IntermediateCodec.putInto(configuration, config);
    for (String log : LOG_LEVELS) {
      configuration.set(log, WARN);
    }
    Map<String, String> own = new TreeMap<>(HadoopClient.properties(config));
    own.putAll(config.properties("starfire.batch.properties"));
    own.putAll(commandLine);
    own.forEach(configuration::set);
    if (configuration.get(FRAMEWORK, LOCAL).equals(LOCAL)) {
      // The client polls for the end of a job; five seconds are long when the job takes one.
      configuration.set("mapreduce.client.completion.pollinterval", "50");
      configuration.set("mapreduce.client.progressmonitor.pollinterval", "50");
      configuration.set("mapreduce.task.io.sort.mb", localSortMegabytes(config));
      configuration.set("hadoop.tmp.dir", runDirectory);
      LocalFiles.use(configuration);
      own.forEach(configuration::set);
    }
    return configuration;
  }

  /** The buffer for sorting has to fit the heap that everything else shares, other jobs too. */
  private static String localSortMegabytes(StarfireConfig config) {
    long megabytes = Runtime.getRuntime().maxMemory() >> 20;
    int jobs = config.integer("starfire.batch.parallel-jobs", 1, 1_000);
    return Long.toString(Math.max(8, Math.min(100, megabytes / 10 / jobs)));
  }
}
