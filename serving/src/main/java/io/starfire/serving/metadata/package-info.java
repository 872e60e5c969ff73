/**
 * The metadata store: what is committed, published and registered. Only the coordinator opens it.
 */
package io.starfire.serving.metadata;
