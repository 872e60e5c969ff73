/** What a run reads: files, the archive and its pin. Internal to the batch driver. */
package io.starfire.batch.input;
