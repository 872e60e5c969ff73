package io.starfire.batch.base;

import static java.util.Objects.requireNonNull;

/** Passes on what several threads say, one line after the other. Thread-safe. */
public final class OneByOne implements Progress {
  private final Progress to;

  public OneByOne(Progress to) {
    this.to = requireNonNull(to, "to");
  }

  @Override
  public synchronized void line(String text) {
    to.line(text);
  }

  @Override
  public synchronized void registered(String publicationId) {
    to.registered(publicationId);
  }
}
