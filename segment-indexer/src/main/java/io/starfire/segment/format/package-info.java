/** The segment file: its format, writing, merging, reading, checking and describing. */
package io.starfire.segment.format;
