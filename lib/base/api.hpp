// What the shared library lets the tools see; everything else in it is hidden.
#pragma once

#define SYNCMANAGER_API __attribute__((visibility("default")))
