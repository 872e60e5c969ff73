package io.starfire.batch.job;

import io.starfire.plan.PipelineJars;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;

/** Which jars a job sends to its tasks. Stateless. */
final class JobJars {
  /** Where {@code bin/starfire} is installed. */
  private static final String HOME = "starfire.home";

  private static final String JOB_JAR = "jobs/target/starfire-jobs.jar";

  /** Hadoop's: jars for the class path of the tasks, separated by commas. */
  private static final String MORE_JARS = "tmpjars";

  private JobJars() {}

  /**
   * Names the jar that {@code hadoop jar} was given, or, for {@code bin/starfire} with its many
   * jars, the job jar beside it; and a user's own jars besides.
   *
   * @param job with its settings
   */
  static void set(Job job) {
    Configuration configuration = job.getConfiguration();
    if (JobRunner.isLocal(job)) {
      // Its tasks run in this process, with the loader of the thread.
      job.setJarByClass(JobRunner.class);
      return;
    }
    String home = System.getProperty(HOME);
    Path jar = home == null ? null : Path.of(home, JOB_JAR);
    if (jar != null && Files.exists(jar)) {
      // A path without a scheme is one of the local disk here, and is uploaded.
      job.setJar(jar.toString());
    } else {
      job.setJarByClass(inJobJar(configuration));
    }
    List<String> more = new ArrayList<>(configuration.getTrimmedStringCollection(MORE_JARS));
    PipelineJars.of(configuration.getClassLoader())
        .forEach(own -> more.add(own.toUri().toString()));
    if (!more.isEmpty()) {
      configuration.set(MORE_JARS, String.join(",", more));
    }
  }

  /**
   * A class of the job jar. In a user's own job jar, Starfire may be a jar in the jar, and then its
   * classes lead to that one.
   */
  private static Class<?> inJobJar(Configuration job) {
    ClassLoader loader = job.getClassLoader();
    String pipeline = job.getRaw(RunSettings.PIPELINE);
    if (pipeline == null || loader instanceof PipelineJars) {
      return JobRunner.class;
    }
    try {
      return Class.forName(pipeline, false, loader);
    } catch (ClassNotFoundException e) {
      return JobRunner.class;
    }
  }
}
