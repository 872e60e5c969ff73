package io.starfire.stream;

import io.starfire.kafka.KafkaCalls;
import java.util.Set;
import java.util.TreeSet;

/**
 * What generations of a stream that are over have left at the brokers: the topics that they made
 * for themselves, and their consumer groups. Topics of rows are no part of it, since others may
 * read them. Stateless.
 */
final class OldGenerations {
  private final KafkaCalls kafka;
  private final GroupOffsets groups;

  OldGenerations(KafkaCalls kafka) {
    this.kafka = kafka;
    this.groups = new GroupOffsets(kafka);
  }

  /**
   * What is left.
   *
   * @param applications that are over
   */
  record Leftovers(Set<String> applications, Set<String> topics) {}

  /** What is left of the generations before the present one. */
  Leftovers before(String baseId, int present) {
    Set<String> applications = groups.applications(baseId);
    applications.removeIf(application -> ApplicationId.generation(baseId, application) >= present);
    Set<String> topics = new TreeSet<>(groups.topics());
    topics.removeIf(
        topic -> ApplicationId.ofTopic(baseId, topic).filter(applications::contains).isEmpty());
    return new Leftovers(applications, topics);
  }

  /**
   * Deletes it. The present generation has offsets of its own by then, and needs nothing of it.
   *
   * @throws io.starfire.common.StarfireException with CONFLICT if a process still runs an old
   *     generation; nothing is deleted then
   */
  void delete(Leftovers leftovers) {
    groups.requireIdle(leftovers.applications());
    if (!leftovers.topics().isEmpty()) {
      kafka.get("delete topics", kafka.admin().deleteTopics(leftovers.topics()).all());
    }
    Set<String> present = groups.groups();
    present.retainAll(leftovers.applications());
    if (!present.isEmpty()) {
      kafka.get("delete groups", kafka.admin().deleteConsumerGroups(present).all());
    }
  }
}
