"""The bundled certificates and the script that `make run` plays."""
