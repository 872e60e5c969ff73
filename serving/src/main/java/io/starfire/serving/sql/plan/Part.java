package io.starfire.serving.sql.plan;

import io.starfire.serving.sql.rows.Step;

/** A part of a plan: a native query that can still take more up, or steps above. */
sealed interface Part permits NativePart, Above {
  /** The steps that give its rows. */
  Step finish();
}
