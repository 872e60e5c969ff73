package io.starfire.serving.query.compute;

import org.jspecify.annotations.Nullable;

/** What the names in an expression stand for. */
interface Scope {
  /** The value of a name in each row. A name that is not known is always null. */
  Node scalar(String name);

  /** All values of a name in each row as an array; null if the name has no array of its own. */
  @Nullable Node array(String name);
}
