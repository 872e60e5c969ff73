package io.starfire.serving.realtime;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A record of a dead-letter topic, for people.
 *
 * @param writtenAtMillis when it was written there, in milliseconds since the epoch
 * @param fields those of {@link io.starfire.event.DeadLetter} by name, in order of names
 * @param value of the record that could not be used, as text; bytes that are no UTF-8 are replaced
 * @param bytes the length of the value, before it is cut for this answer
 */
public record WrittenDeadLetter(
    long writtenAtMillis, Map<String, String> fields, String value, int bytes) {
  public WrittenDeadLetter {
    fields = Collections.unmodifiableMap(new TreeMap<>(fields));
  }
}
