/**
 * What the roles of a server say to each other: views and their changes, acknowledgements, what a
 * node serves, and which rows a query reads. Every record has a JSON form.
 */
package io.starfire.protocol.cluster;
