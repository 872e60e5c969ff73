/** The standalone server: all roles in one process, wired by Guice. */
package io.starfire.serving.server;
