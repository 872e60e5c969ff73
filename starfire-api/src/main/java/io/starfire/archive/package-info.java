/**
 * The archive of raw events: where its files lie, what they hold, and the manifest that lists them.
 * The archiver writes it, and the batch driver reads it. Each brings its own access to the file
 * system.
 */
package io.starfire.archive;
