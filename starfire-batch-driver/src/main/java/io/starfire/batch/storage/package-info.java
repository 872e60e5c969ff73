/** Deep storage on file systems that Hadoop reaches. */
package io.starfire.batch.storage;
