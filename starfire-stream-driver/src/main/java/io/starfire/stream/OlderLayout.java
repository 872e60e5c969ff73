package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import java.util.TreeSet;

/**
 * Finds streams of earlier versions of Starfire. Those kept a topic for each shuffle and a
 * changelog for each state; nothing of that can be folded. Stateless.
 */
final class OlderLayout {
  private static final String REPARTITION = "-repartition";

  private OlderLayout() {}

  /**
   * Refuses if an application was run by such a version.
   *
   * @throws StarfireException with CONFLICT
   */
  static void refuse(KafkaCalls kafka, String applicationId) {
    for (String topic : new TreeSet<>(new GroupOffsets(kafka).topics())) {
      if (topic.endsWith(REPARTITION) && ApplicationId.isOwn(applicationId, topic)) {
        throw new StarfireException(
            ErrorCode.CONFLICT,
            "the stream '%s' was run by an earlier version of Starfire, which kept a topic for each shuffle, such as '%s'; this version keeps one log for each stage and cannot take up that state. Begin the stream anew with 'bin/starfire stream CLASS --reset --from committed': it goes on behind what was read. Results that waited in windows are not written; mend them with 'bin/starfire batch CLASS --interval INTERVAL'"
                .formatted(applicationId, topic));
      }
    }
  }
}
