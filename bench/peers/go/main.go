// Triggers events with the Go SDK, from callers that await each, and prints how many a second.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pusher/pusher-http-go/v5"
)

func setting(name string) int {
	value, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		log.Fatalf("%s is not a number", name)
	}
	return value
}

func main() {
	callers := setting("CALLERS")
	client := pusher.Client{
		AppID:  "1",
		Key:    "key",
		Secret: "secret",
		Host:   fmt.Sprintf("127.0.0.1:%d", setting("PORT")),
		Secure: true,
	}
	measured := time.Now().Add(time.Duration(setting("WARM_UP_MS")) * time.Millisecond)
	end := measured.Add(time.Duration(setting("MS")) * time.Millisecond)
	rates := make([]float64, callers)
	var work sync.WaitGroup
	for caller := range rates {
		work.Add(1)
		go func() {
			defer work.Done()
			rates[caller] = call(&client, fmt.Sprintf("bench-%d", caller%50), measured, end)
		}()
	}
	work.Wait()
	sum := 0.0
	for _, rate := range rates {
		sum += rate
	}
	fmt.Printf("%.0f\n", sum)
}

// call triggers one event after another, and returns how many a second after the warm-up.
func call(client *pusher.Client, channel string, measured, end time.Time) float64 {
	data := map[string]any{"id": 1234567, "text": strings.Repeat("x", 75)}
	first, count := time.Now(), 0
	for {
		if err := client.Trigger(channel, "message.created", data); err != nil {
			log.Fatal(err)
		}
		now := time.Now()
		if now.Before(measured) {
			first = now
			continue
		}
		count++
		if !now.Before(end) {
			return float64(count) / now.Sub(first).Seconds()
		}
	}
}
