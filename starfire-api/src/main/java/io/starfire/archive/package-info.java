/**
 * The archive of raw events: where its files lie, what they hold, and the manifest that lists them.
 * The archiver writes it and the batch driver reads it; both reach it through a file system of
 * their own, so that nothing here does.
 */
package io.starfire.archive;
