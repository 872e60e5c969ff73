package io.starfire.stream;

import io.starfire.kernel.KeyPartitions;
import io.starfire.stream.watermark.Mark;

/**
 * Where a task writes to the log of one stage: a block for each partition. A block that is full
 * goes to the sink at once; the others wait for the commit, unless there is none to wait for. Used
 * by the task's thread.
 */
final class LogWriter {
  private final String topic;
  private final BlockWriter[] blocks;
  private final Sink full;

  /** Takes a block that is not held any longer. */
  interface Sink {
    void send(LogRecord.Block block);
  }

  /** Takes what is left at a commit. */
  interface Rest {
    void send(String topic, int partition, byte[] block);
  }

  LogWriter(String topic, int partitions, Sink full) {
    this.topic = topic;
    this.full = full;
    this.blocks = new BlockWriter[partitions];
    for (int i = 0; i < partitions; i++) {
      blocks[i] = new BlockWriter();
    }
  }

  String topic() {
    return topic;
  }

  /** Adds an event to the partition of its key. The parameters are those of {@link BlockWriter}. */
  void event(int input, byte[] key, long timeMillis, LogRecord.Origin origin, byte[] value) {
    int partition = KeyPartitions.partition(key, value, blocks.length);
    BlockWriter block = blocks[partition];
    if (block.isFullFor(key, value, origin)) {
      full.send(new LogRecord.Block(partition, block.take()));
    }
    block.event(input, key, timeMillis, origin, value);
  }

  /** Adds a mark for all tasks of the stage, behind the events that it covers. */
  void mark(Mark mark) {
    for (BlockWriter block : blocks) {
      block.mark(mark);
    }
  }

  /** Sends what is left to the sink at once. */
  void send() {
    takeRest((to, partition, block) -> full.send(new LogRecord.Block(partition, block)));
  }

  void takeRest(Rest rest) {
    for (int i = 0; i < blocks.length; i++) {
      if (!blocks[i].isEmpty()) {
        rest.send(topic, i, blocks[i].take());
      }
    }
  }
}
