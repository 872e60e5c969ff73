/** The permanent place of segment files. */
package io.starfire.segment.storage;
