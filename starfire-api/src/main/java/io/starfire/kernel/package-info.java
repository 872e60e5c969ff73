/**
 * What runs inside a task, in both drivers: the join and the removal of duplicates over a small
 * ordered buffer, and the stage around them. Not thread-safe: one task, one thread.
 */
package io.starfire.kernel;
