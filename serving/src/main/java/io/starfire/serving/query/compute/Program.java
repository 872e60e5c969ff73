package io.starfire.serving.query.compute;

import io.starfire.serving.query.control.QueryControl;

/** Runs a tree of nodes over one block after the other. Not thread-safe. */
final class Program {
  private final Node root;
  private final QueryControl control;
  private final Block block = new Block();
  private int from = -1;
  private int count;

  Program(Node root, QueryControl control) {
    this.root = root;
    this.control = control;
  }

  /** The values of rows {@code [from, from + count)}, until the next call. */
  Node run(int newFrom, int newCount) {
    if (from != newFrom || count != newCount) {
      from = newFrom;
      count = newCount;
      rerun(newCount);
    }
    return root;
  }

  /** As {@link #run}, when what the nodes read has changed. */
  Node rerun(int newCount) {
    control.check();
    block.moveTo(from, newCount);
    root.evaluate(block);
    return root;
  }
}
