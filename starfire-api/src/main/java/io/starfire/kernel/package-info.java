/**
 * The code that runs inside a task, in both drivers: the join, the removal of duplicates, the
 * ordered buffer that both keep their state in, and the stage around them. Not thread-safe: a task
 * has one thread.
 */
package io.starfire.kernel;
