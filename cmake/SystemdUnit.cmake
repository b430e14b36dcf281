# Makes sync-now.service of its template, for a program at a path: as a function, and for `cmake --install`, which is told
# the prefix only then.

# The path as one word of ExecStart= (systemd.service(5)): % begins a specifier. The program's own name is no place for
# variables, so that $ stands for itself; and systemd takes no quotes and no backslashes there.
function(write_service program template unit)
  string(REPLACE "%" "%%" SYNC_NOW "${program}")
  if(SYNC_NOW MATCHES "[ \t]")
    set(SYNC_NOW "\"${SYNC_NOW}\"")
  endif()
  configure_file(${template} ${unit} @ONLY)
endfunction()
