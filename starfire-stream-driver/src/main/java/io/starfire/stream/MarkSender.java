package io.starfire.stream;

import io.starfire.stream.watermark.Idleness;
import io.starfire.stream.watermark.Mark;

/** Decides when a task has something new to tell. Used by the task's thread. */
final class MarkSender {
  private final String stage;
  private final int partition;
  private final int tasks;
  private Mark last;

  MarkSender(String stage, int partition, int tasks) {
    this.stage = stage;
    this.partition = partition;
    this.tasks = tasks;
  }

  /** The mark to send, or null if it would say nothing new. The first one is always sent. */
  Mark next(long watermark, long withoutSilence, long knownAtMillis, Idleness idleness) {
    boolean news =
        last == null
            || watermark > last.watermark()
            || withoutSilence > last.withoutSilence()
            || !idleness.equals(last.idleness());
    if (!news) {
      return null;
    }
    last = new Mark(stage, partition, tasks, watermark, withoutSilence, knownAtMillis, idleness);
    return last;
  }
}
