/** Where segment files are kept for good. */
package io.starfire.segment.storage;
