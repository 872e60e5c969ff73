package io.starfire.batch.input;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognizes faults that a user can mend, in exceptions of Hadoop and in the diagnostics of tasks,
 * and describes each in one sentence. Hadoop's own messages contain stack traces of its servers.
 * Stateless.
 */
public final class HadoopFaults {
  private static final int MAX_CAUSES = 20;
  private static final int MAX_LINE = 400;

  /** The first line of a message, without the name of an exception's class before it. */
  private static final Pattern CLASS_NAME =
      Pattern.compile(
          "^(?:Caused by: |Error:"
              + " )*(?:[a-z_]\\w*\\.)+[A-Z][\\w$]*(?:Exception|Error)(?:\\([\\w.$]+\\))?:\\s*");

  private HadoopFaults() {}

  /**
   * @param sign by which it is found, in the text of exceptions with their classes and causes
   * @param sentence with the line of text in which the sign was found for {@code %s}
   */
  private record Fault(Pattern sign, ErrorCode code, String sentence) {
    static Fault of(String sign, ErrorCode code, String sentence) {
      return new Fault(Pattern.compile(sign), code, sentence);
    }
  }

  /** The more telling ones first: a quota that is used up is often followed by a closed stream. */
  private static final List<Fault> FAULTS =
      List.of(
          Fault.of(
              "SafeModeException|is in safe mode|in safe mode\\.",
              ErrorCode.UNAVAILABLE,
              "HDFS is in safe mode and takes no changes (%s); wait until it has left it ('hdfs"
                  + " dfsadmin -safemode get' says so), then start again"),
          Fault.of(
              "QuotaExceededException|Quota by storage type",
              ErrorCode.CAPACITY_EXCEEDED,
              "HDFS is full: a quota is used up (%s); free space or raise the quota with 'hdfs"
                  + " dfsadmin -setSpaceQuota', then start again"),
          Fault.of(
              "No space left on device|Disk quota exceeded|There is not enough space on the"
                  + " disk|Could not find any valid local directory",
              ErrorCode.CAPACITY_EXCEEDED,
              "disk full (%s); make room on the disk of that path or, for temporary files, of"
                  + " hadoop.tmp.dir, then start again"),
          Fault.of(
              "could only be written to 0 of|insufficient local dir space|DiskOutOfSpaceException",
              ErrorCode.CAPACITY_EXCEEDED,
              "HDFS has no DataNode with room for a block, because they are full or gone (%s);"
                  + " 'hdfs dfsadmin -report' shows them; then start again"),
          Fault.of(
              "submitted by user \\S+ to unknown queue|to unknown queue|Queue .* (?:is"
                  + " STOPPED|doesn't exist|does not exist)|cannot submit applications? to"
                  + " queue|rejected by queue",
              ErrorCode.UNAVAILABLE,
              "the ResourceManager refuses the queue (%s); name one that takes jobs with -D"
                  + " mapreduce.job.queuename=NAME, or have it opened, then start again"),
          Fault.of(
              "InvalidResourceRequestException|Invalid resource request|capability is more than|is"
                  + " larger than .*max",
              ErrorCode.CAPACITY_EXCEEDED,
              "the cluster has no container as large as the job asks for (%s); lower"
                  + " mapreduce.map.memory.mb, mapreduce.reduce.memory.mb or"
                  + " yarn.app.mapreduce.am.resource.mb"),
          Fault.of(
              "AccessControlException|Permission denied",
              ErrorCode.UNAVAILABLE,
              "the user of the run may not do that (%s); grant it, or run as another user"),
          Fault.of(
              "BlockMissingException|Could not obtain block|All datanodes .* are bad|All datanodes"
                  + " .*bad",
              ErrorCode.UNAVAILABLE,
              "no DataNode gives or takes a block (%s); see that the DataNodes run, then start"
                  + " again"),
          Fault.of(
              "Container .* is running beyond .* memory limits|running \\d+B"
                  + " beyond|OutOfMemoryError|Java heap space",
              ErrorCode.CAPACITY_EXCEEDED,
              "a task needs more memory than it may have (%s); raise mapreduce.map.memory.mb and"
                  + " mapreduce.reduce.memory.mb, or cut the work smaller with"
                  + " starfire.batch.split-bytes and starfire.batch.target-rows-per-segment"),
          Fault.of(
              "UnknownHostException|No FileSystem for scheme|Wrong FS",
              ErrorCode.UNAVAILABLE,
              "the address is wrong or not known here (%s); correct it, or set HADOOP_CONF_DIR to"
                  + " the cluster's configuration"),
          Fault.of(
              "ConnectException|NoRouteToHostException|SocketTimeoutException|ConnectTimeoutException|Connection"
                  + " refused|EOFException|StandbyException|Connection reset|NoNamenodesAvailable",
              ErrorCode.UNAVAILABLE,
              "the cluster does not answer (%s); see that its daemons run and that the address is"
                  + " right, then start again"));

  /** The fault in an exception and its causes. */
  public static Optional<StarfireException> find(String what, Throwable failure) {
    return find(what, text(failure), failure);
  }

  /** The fault in a text such as the diagnostics of a task; the cause may be null. */
  public static Optional<StarfireException> find(String what, String text, Throwable cause) {
    for (Fault fault : FAULTS) {
      for (String line : text.split("\n", -1)) {
        if (!line.isBlank() && fault.sign().matcher(line).find()) {
          return Optional.of(
              new StarfireException(
                  fault.code(), what + ": " + fault.sentence().formatted(shortened(line)), cause));
        }
      }
    }
    return Optional.empty();
  }

  /** The first line of what an exception says; its class if it says nothing. */
  public static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : shortened(message.strip().split("\n", 2)[0]);
  }

  private static String shortened(String line) {
    String rest = line.strip();
    Matcher name = CLASS_NAME.matcher(rest);
    while (name.find() && name.end() < rest.length()) {
      rest = rest.substring(name.end());
      name = CLASS_NAME.matcher(rest);
    }
    rest = rest.strip();
    return rest.length() > MAX_LINE ? rest.substring(0, MAX_LINE) + "..." : rest;
  }

  private static String text(Throwable failure) {
    StringBuilder text = new StringBuilder();
    Throwable at = failure;
    for (int i = 0; at != null && i < MAX_CAUSES; i++) {
      // Only the first line: what follows in a RemoteException is the server's stack trace.
      text.append(at.toString().split("\n", 2)[0]).append('\n');
      for (Throwable suppressed : at.getSuppressed()) {
        text.append(suppressed.toString().split("\n", 2)[0]).append('\n');
      }
      at = at.getCause();
    }
    return text.toString();
  }
}
