/**
 * Sends a file of events to a source's topic: the file is opened and checked, each row is written
 * as the source's configuration says, and is sent when its event time is due.
 */
package io.starfire.cli.replay;
