/**
 * The code that runs inside a task, in both drivers: the kernels of joins, groups and the removal
 * of duplicates, the state that they keep, and the stage around them. Not thread-safe: a task has
 * one thread.
 */
package io.starfire.kernel;
