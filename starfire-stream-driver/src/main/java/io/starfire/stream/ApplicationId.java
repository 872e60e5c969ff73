package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import io.starfire.plan.StateLayout;
import io.starfire.plan.TopicNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The application id of a stream: {@code <prefix>-<pipeline>-<8 digits>}. The digits are a digest
 * of what the state depends on: its format, the stages, the types on their shuffles, the granted
 * windows and the number of partitions. So a change that the state carries, such as another filter
 * or column, goes on under the same id; any other gets an id of its own, with state of its own.
 * From the second generation on its number follows: {@code -g2}. Stateless.
 */
final class ApplicationId {
  /** Of what tasks store and send each other; another one gives another application id. */
  private static final int STATE_FORMAT = 4;

  private static final int DIGEST_BYTES = 4;

  private ApplicationId() {}

  static String base(Plan plan, StreamSettings settings) {
    return TopicNames.applicationId(settings.prefix(), plan);
  }

  /** The generation of an application id of a pipeline; 0 if it is none. */
  static int generation(String baseId, String id) {
    Matcher matcher =
        Pattern.compile(Pattern.quote(baseId) + "-[0-9a-f]{8}(?:-g([1-9][0-9]{0,8}))?").matcher(id);
    if (!matcher.matches()) {
      return 0;
    }
    return matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
  }

  /**
   * Whether a topic is one of those that an application has made for itself; those of a later
   * generation of the same plan begin alike.
   */
  static boolean isOwn(String id, String topic) {
    return topic.startsWith(id + "-")
        && !topic.substring(id.length() + 1).matches("g[1-9][0-9]{0,8}-.*");
  }

  /** The application that has made a topic for itself; empty if none of the pipeline has. */
  static Optional<String> ofTopic(String baseId, String topic) {
    Matcher matcher =
        Pattern.compile(
                "("
                    + Pattern.quote(baseId)
                    + "-[0-9a-f]{8}(?:-g[1-9][0-9]{0,8})?)-.+-(?:changelog|log|repartition)")
            .matcher(topic);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** What the second and later generations add to a name. */
  static String inGeneration(String name, int generation) {
    return generation <= 1 ? name : name + "-g" + generation;
  }

  static String of(Plan plan, Grants grants, StreamSettings settings, int generation) {
    StringBuilder text = new StringBuilder();
    text.append("format ").append(STATE_FORMAT).append('\n');
    text.append("partitions ").append(settings.partitions()).append('\n');
    for (Stage stage : plan.stages()) {
      text.append(stage.name()).append('\n');
      stage.keyed().forEach(node -> text.append(StateLayout.of(node, grants)).append('\n'));
      for (Shuffle input : stage.inputs()) {
        text.append(input.name()).append(' ').append(input.from().type().schemaJson()).append('\n');
      }
    }
    return inGeneration(base(plan, settings) + "-" + digest(text.toString()), generation);
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "this JVM has no SHA-256", e);
    }
  }
}
