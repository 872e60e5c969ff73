package io.starfire.serving.sql.plan;

import io.starfire.serving.sql.rows.Step;

/** Rows that steps above native queries give. */
record Above(Step step) implements Part {
  @Override
  public Step finish() {
    return step;
  }
}
